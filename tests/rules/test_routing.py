"""Which unit is proposed for an appeal, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.routing import Proposal, RoutingRule, RoutingSubject, dry_run, propose

LAMPS, WATER, ROADS, OFFICE = 10, 20, 30, 99
APPEAL = RoutingSubject(
    id=1,
    text="西桥区春和路的路 灯坏了，KTV门口最暗",
    categories=frozenset({5, 51}),
    areas=frozenset({2, 21}),
    channel=3,
    kind="help",
)


def rule(**asked: object) -> RoutingRule:
    return RoutingRule(**({"id": 1, "unit": LAMPS} | asked))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "fits", "remark"),
    [
        ({}, True, "a rule that asks for nothing takes the rest"),
        ({"any_of": ("水管", "路灯")}, True, "one of the words, parted by a space in the text"),
        ({"any_of": ("水管", "停水")}, False, "none of them"),
        ({"all_of": ("路灯", "春和路")}, True, "all words"),
        ({"all_of": ("路灯", "学府街")}, False, "one is missing"),
        ({"any_of": ("路灯",), "none_of": ("KTV",)}, False, "a word that must not occur"),
        ({"any_of": ("路燈",)}, True, "Traditional signs"),
        ({"any_of": ("ｋｔｖ",)}, True, "width and case"),
        ({"any_of": ("",)}, False, "an empty word occurs nowhere"),
        ({"none_of": (" ",)}, True, "and forbids nothing"),
        ({"categories": frozenset({51})}, True, "its category"),
        ({"categories": frozenset({5})}, True, "the category above"),
        ({"categories": frozenset({52})}, False, "the one beside"),
        ({"areas": frozenset({2, 9})}, True, "one of two areas"),
        ({"areas": frozenset({9})}, False, "another area"),
        ({"channels": frozenset({3})}, True, "its channel"),
        ({"channels": frozenset({4})}, False, "another channel"),
        ({"kinds": frozenset({"help", "complaint"})}, True, "one of two kinds"),
        ({"kinds": frozenset({"report"})}, False, "another kind"),
        ({"any_of": ("路灯",), "areas": frozenset({9})}, False, "everything that is asked must hold"),
    ],
)
def test_when_a_rule_fits(asked: dict[str, object], fits: bool, remark: str) -> None:
    assert (propose([rule(**asked)], APPEAL) is not None) is fits, remark


def test_the_first_fitting_rule_counts_and_says_why() -> None:
    rules = [
        rule(id=1, unit=WATER, any_of=("水管",)),
        rule(id=2, unit=LAMPS, person=7, all_of=("春和路",), any_of=("路灯", "灯杆")),
        rule(id=3, unit=ROADS),
    ]
    assert propose(rules, APPEAL) == Proposal(LAMPS, 7, rule=2, words=("春和路", "路灯"))
    assert propose(rules[2:], APPEAL) == Proposal(ROADS, None, rule=3, words=())
    assert propose(rules[:1], APPEAL) is None


def test_whom_the_appeal_complains_about_is_never_proposed() -> None:
    rules = [rule(id=1, unit=LAMPS, person=7), rule(id=2, unit=OFFICE)]
    about_unit = replace(APPEAL, concerned_units=frozenset({LAMPS}))
    about_person = replace(APPEAL, concerned_persons=frozenset({7}))
    assert propose(rules, about_unit) == Proposal(OFFICE, None, 2, ())
    assert propose(rules, about_person) == Proposal(LAMPS, None, 1, ())
    assert dry_run(rules, [about_unit]).by_unit == {OFFICE: 1}


def test_a_dry_run_counts_what_each_rule_would_do() -> None:
    rules = [
        rule(id=1, unit=LAMPS, any_of=("路灯",)),
        rule(id=2, unit=ROADS, any_of=("路灯", "坑")),
        rule(id=3, unit=WATER, any_of=("路灯坏了",)),
    ]
    subjects = [
        RoutingSubject(1, "路灯坏了", decided_unit=LAMPS),
        RoutingSubject(2, "路灯不亮", decided_unit=ROADS),
        RoutingSubject(3, "路上有坑"),
        RoutingSubject(4, "停电了"),
    ]
    run = dry_run(rules, subjects)
    assert (run.total, run.proposed, run.unmatched) == (4, 3, (4,))
    assert run.by_unit == {LAMPS: 2, ROADS: 1}
    lamps, roads, water = (run.by_rule[number] for number in (1, 2, 3))
    assert (lamps.proposed, lamps.agreed, lamps.disagreed, lamps.examples) == (2, 1, 1, [1, 2])
    assert (roads.proposed, roads.shadowed, roads.agreed) == (1, 2, 0)
    assert (water.proposed, water.shadowed) == (0, 1), "a dead rule: another is always faster"


WORDS = st.lists(st.sampled_from(["路灯", "水管", "噪音", "停车"]), max_size=3).map(tuple)
RULES = st.lists(st.tuples(st.integers(1, 5), WORDS, WORDS, WORDS), max_size=6).map(
    lambda rows: [
        RoutingRule(number, unit, any_of=some, all_of=every, none_of=none)
        for number, (unit, some, every, none) in enumerate(rows)
    ]
)
SUBJECTS = st.lists(
    st.builds(
        RoutingSubject,
        id=st.integers(0, 99),
        text=st.text("路灯水管噪音停车 ，", max_size=12),
        concerned_units=st.frozensets(st.integers(1, 5), max_size=2),
    ),
    max_size=8,
)


@given(RULES, SUBJECTS)
def test_a_dry_run_does_what_proposing_does(rules: list[RoutingRule], subjects: list[RoutingSubject]) -> None:
    proposals = [propose(rules, subject) for subject in subjects]
    run = dry_run(rules, subjects)
    assert run.proposed == sum(proposal is not None for proposal in proposals)
    assert {number: tally.proposed for number, tally in run.by_rule.items()} == {
        rule.id: sum(proposal is not None and proposal.rule == rule.id for proposal in proposals)
        for rule in rules
    }
    for proposal, subject in zip(proposals, subjects, strict=True):
        assert proposal is None or proposal.unit not in subject.concerned_units
