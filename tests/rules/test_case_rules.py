"""Objections, the first-asked unit, replies and the gates before closing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.rules import (
    GATES_OF,
    ClosingFacts,
    Decider,
    Gate,
    Part,
    ReplyLack,
    bounce_decider,
    check_objection,
    closing_gate,
    first_asked,
    joint_lead,
    reply_lacks,
)
from portal.cases.vocabulary import ClosingKind, PartState, Rating, SatisfactionException, Tier
from portal.kernel.errors import Refused


@pytest.mark.parametrize(
    ("bounces", "parent", "decider", "remark"),
    [
        (0, True, Decider.OFFICE, "first objection"),
        (1, True, Decider.OFFICE, "bounced once"),
        (2, True, Decider.PARENT, "after two bounces the unit's parent"),
        (7, True, Decider.PARENT, "and for good"),
        (2, False, Decider.HEAD_OF_OFFICE, "above the top, or the parent is complained about"),
        (1, False, Decider.OFFICE, "a missing parent matters only after two"),
    ],
)
def test_who_decides_an_objection(bounces: int, parent: bool, decider: Decider, remark: str) -> None:
    assert bounce_decider(bounces, parent_can_decide=parent) is decider, remark


@pytest.mark.parametrize(
    ("reason", "unit", "proposed", "code", "remark"),
    [
        ("The road is a county road", 1, 2, None, "a reason and another unit"),
        ("", 1, 2, "reason_required", "no reason"),
        (" \u3000", 1, 2, "reason_required", "blank is no reason"),
        ("Not us", 1, None, "proposed_unit_required", "who then?"),
        ("Not us", 1, 1, "proposed_unit_required", "itself is nobody else"),
    ],
)
def test_what_an_objection_needs(
    reason: str, unit: int, proposed: int | None, code: str | None, remark: str
) -> None:
    if code is None:
        check_objection(reason, unit, proposed)
        return
    with pytest.raises(Refused) as refused:
        check_objection(reason, unit, proposed)
    assert refused.value.code == code, remark


@pytest.mark.parametrize(
    ("leads", "concerned", "unit", "remark"),
    [
        ([], (), None, "nobody was asked yet"),
        ([7], (), 7, "one unit"),
        ([7, 8, 9], (), 7, "re-routed twice: the first stays answerable"),
        ([7, 8], {7}, 8, "the first is complained about: it may not see the case"),
        ([7], {7}, None, "none left"),
    ],
)
def test_the_first_asked_unit(leads: list[int], concerned: set[int], unit: int | None, remark: str) -> None:
    assert first_asked(leads, concerned=concerned) == unit, remark


def test_the_first_asked_unit_leads_a_joint_case_unless_decided_otherwise() -> None:
    assert joint_lead(7) == 7
    assert joint_lead(7, decided=9) == 9


@pytest.mark.parametrize(
    ("tier", "text", "way", "ground", "lacks", "remark"),
    [
        (Tier.FIRST_ASK, "办不了", False, False, (), "an ordinary case may be told no"),
        (Tier.ESCALATED, "办不了", False, False, (ReplyLack.WAY_OR_GROUND,), "no bare cannot"),
        (Tier.ESCALATED, "分两步解决", True, False, (), "a way forward"),
        (Tier.ESCALATED, "依法不能", False, True, (), "the legal ground"),
        (Tier.JOINT, "\u3000", False, False, (ReplyLack.TEXT,), "a reply has words"),
        (
            Tier.ESCALATED,
            "",
            False,
            False,
            (ReplyLack.TEXT, ReplyLack.WAY_OR_GROUND),
            "everything is told at once",
        ),
    ],
)
def test_what_a_reply_lacks(
    tier: Tier, text: str, way: bool, ground: bool, lacks: tuple[ReplyLack, ...], remark: str
) -> None:
    assert reply_lacks(tier, text, way_forward=way, legal_ground=ground) == lacks, remark


SOLVED = {"kind": ClosingKind.SOLVED, "evidence": 1, "rating": Rating.SATISFIED, "outcomes": 1}
WAITING = {"rating": None, "rating_window_over": False}


@pytest.mark.parametrize(
    ("facts", "unmet", "remark"),
    [
        (SOLVED, (), "all three gates met"),
        (SOLVED | {"evidence": 0}, (Gate.SOLVED,), "solved without evidence is not solved"),
        (SOLVED | {"outcomes": 0}, (Gate.MECHANISM,), "nothing learnt and nothing said"),
        (SOLVED | {"outcomes": 0, "not_needed_because": "单个事件"}, (), "not needed, because"),
        (SOLVED | {"outcomes": 0, "not_needed_because": " "}, (Gate.MECHANISM,), "blank is no because"),
        (SOLVED | {"rating": Rating.NEUTRAL}, (), "the middle level is not dissatisfied"),
        (SOLVED | {"rating": Rating.DISSATISFIED}, (Gate.SATISFIED,), "dissatisfied"),
        (
            SOLVED | {"rating": Rating.DISSATISFIED, "exception": SatisfactionException.REOPENING_REFUSED},
            (),
            "a person decided against reopening, on record",
        ),
        (SOLVED | WAITING, (Gate.SATISFIED,), "the asker still has time to rate"),
        (
            SOLVED | WAITING | {"exception": SatisfactionException.NOT_RATED},
            (Gate.SATISFIED,),
            "'not rated' cannot be recorded while the window is open",
        ),
        (
            SOLVED | {"rating": None, "rating_window_over": True},
            (Gate.SATISFIED,),
            "the end of the window has to be recorded: not rated stays not rated",
        ),
        (
            SOLVED
            | {
                "rating": None,
                "rating_window_over": True,
                "exception": SatisfactionException.NOT_RATED,
            },
            (),
            "not rated after 14 days",
        ),
        (
            SOLVED
            | {
                "rating": Rating.VERY_DISSATISFIED,
                "rating_window_over": True,
                "exception": SatisfactionException.NOT_RATED,
            },
            (Gate.SATISFIED,),
            "who has rated is not 'not rated'",
        ),
        (SOLVED | {"parts": (Part(PartState.OPEN),)}, (Gate.PARTS,), "a supporting unit is still at it"),
        (SOLVED | {"parts": (Part(PartState.WAIVED),)}, (Gate.PARTS,), "waived without a reason"),
        (
            SOLVED | {"parts": (Part(PartState.DONE), Part(PartState.WAIVED, "并入主办"))},
            (),
            "every part is done or waived with a reason",
        ),
        (
            {"kind": ClosingKind.EXPLAINED},
            (Gate.RATING_WINDOW, Gate.LEGAL_GROUND),
            "an explanation has a ground and waits for the rating",
        ),
        (
            {"kind": ClosingKind.EXPLAINED, "legal_ground": "条例第三条", "rating": Rating.DISSATISFIED},
            (),
            "explained need not please",
        ),
        (
            {"kind": ClosingKind.NOT_OURS, "rating_window_over": True},
            (Gate.HANDOVER_RECEIPT,),
            "not ours only with the receipt of whose it is",
        ),
        ({"kind": ClosingKind.UNREACHABLE}, (), "nobody can be waited for"),
        (
            {"kind": ClosingKind.UNREACHABLE, "parts": (Part(PartState.OPEN),)},
            (Gate.PARTS,),
            "but the supporting units end their parts",
        ),
    ],
)
def test_what_stands_before_closing(facts: dict, unmet: tuple[Gate, ...], remark: str) -> None:  # type: ignore[type-arg]
    assert closing_gate(ClosingFacts(**facts)) == unmet, remark


@given(
    st.builds(
        ClosingFacts,
        kind=st.sampled_from(ClosingKind),
        evidence=st.integers(0, 2),
        rating=st.none() | st.sampled_from(Rating),
        exception=st.none() | st.sampled_from(SatisfactionException),
        rating_window_over=st.booleans(),
        outcomes=st.integers(0, 1),
    )
)
def test_only_the_gates_of_its_kind_hold_a_case(facts: ClosingFacts) -> None:
    assert set(closing_gate(facts)) <= GATES_OF[facts.kind]


def test_ratings_count_from_five_down_to_one() -> None:
    assert [rating.score for rating in Rating] == [5, 4, 3, 2, 1]
    assert [rating.is_dissatisfied for rating in Rating] == [False, False, False, True, True]
