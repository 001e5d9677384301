"""Every word of the rules has a label, and every refusal of the rules is told in words."""

from enum import StrEnum

import pytest

from portal import glossary
from portal.cases import rules, vocabulary, workflow
from portal.commitments import workflow as commitments
from portal.deadlines.limits import LimitEvent
from portal.deadlines.stages import Stage

GROUPS: dict[str, type[StrEnum]] = {
    "case_state": workflow.CaseState,
    "turn": workflow.Turn,
    "appeal_kind": vocabulary.AppealKind,
    "party_kind": vocabulary.PartyKind,
    "tier": vocabulary.Tier,
    "not_accepted_reason": vocabulary.NotAcceptedReason,
    "closing_kind": vocabulary.ClosingKind,
    "pause_kind": vocabulary.PauseKind,
    "rating": vocabulary.Rating,
    "satisfaction_exception": vocabulary.SatisfactionException,
    "part_state": vocabulary.PartState,
    "gate": rules.Gate,
    "decider": rules.Decider,
    "stage": Stage,
    "limit_event": LimitEvent,
    "act": vocabulary.Act,
    "commitment_state": commitments.CommitmentState,
    "commitment_act": commitments.Act,
    "commitment_wish": commitments.Wish,
    "drop_reason": commitments.DropReason,
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_code_of_the_rules_has_a_label(group: str) -> None:
    assert set(GROUPS[group]) <= set(glossary.TERMS[group])


def test_labels_differ_within_a_group() -> None:
    for group, terms in glossary.TERMS.items():
        if group == "limit_event":  # the case's own limit is known by two names
            continue
        labels = [term.label for term in terms.values()]
        assert len(labels) == len(set(labels)), group


def test_an_unknown_code_is_shown_rather_than_lost() -> None:
    assert glossary.label("act", "something_new") == "something_new"
