"""The glossary: term → label and one-line meaning, for every closed list of the rules. Labels on pages come from here.

Labels are message ids; the web floor translates them (filters `term` and `meaning`). The groups carry the
codes of the enumerations as plain words, because this is the lowest floor; a test keeps them complete.
Names of tables' rows (channels, categories, areas, units) are in the tables.
"""

from collections.abc import Mapping
from types import MappingProxyType

from portal.glossary import acts, cases, clocks, commitments, ratings, releases
from portal.glossary.refusals import REFUSALS
from portal.glossary.terms import Term

__all__ = ["REFUSALS", "TERMS", "Term", "choices", "label", "meaning"]

TERMS: Mapping[str, Mapping[str, Term]] = MappingProxyType(
    {
        "case_state": cases.CASE_STATE,
        "appeal_kind": cases.APPEAL_KIND,
        "party_kind": cases.PARTY_KIND,
        "tier": cases.TIER,
        "not_accepted_reason": cases.NOT_ACCEPTED_REASON,
        "closing_kind": cases.CLOSING_KIND,
        "pause_kind": cases.PAUSE_KIND,
        "rating": ratings.RATING,
        "rated": ratings.RATED,
        "satisfaction_exception": ratings.SATISFACTION_EXCEPTION,
        "part_state": cases.PART_STATE,
        "part": cases.PART,
        "turn": cases.TURN,
        "gate": cases.GATE,
        "decider": cases.DECIDER,
        "stage": clocks.STAGE,
        "limit_event": clocks.LIMIT_EVENT,
        "link_kind": cases.LINK_KIND,
        "actor_kind": acts.ACTOR_KIND,
        "attachment_kind": cases.ATTACHMENT_KIND,
        "release_state": releases.RELEASE_STATE,
        "notice_kind": releases.NOTICE_KIND,
        "outcome_kind": releases.OUTCOME_KIND,
        "outcome_state": releases.OUTCOME_STATE,
        "act": acts.ACT,
        "commitment_state": commitments.COMMITMENT_STATE,
        "commitment_act": commitments.COMMITMENT_ACT,
        "commitment_wish": commitments.COMMITMENT_WISH,
        "drop_reason": commitments.DROP_REASON,
        "picture_part": commitments.PICTURE_PART,
    }
)
"""Group → code → term. Groups are named after the enumerations."""


def label(group: str, code: str | None) -> str:
    """The label (message id) of a code; an unknown code is its own label, so that nothing disappears."""
    if not code:
        return ""
    found = TERMS[group].get(code)
    return found.label if found else code


def meaning(group: str, code: str | None) -> str:
    """What it means in one line (message id), or nothing."""
    found = TERMS[group].get(code or "")
    return found.meaning if found else ""


def choices(group: str) -> list[tuple[str, str]]:
    """(code, label) in the order of the list, for forms; labels are message ids."""
    return [(code, term.label) for code, term in TERMS[group].items()]
