"""The demonstration city's files: complete, consistent, clearly invented."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from portal.cases.rules import ClosingFacts, Part, closing_gate
from portal.cases.vocabulary import (
    AppealKind,
    ClosingKind,
    NotAcceptedReason,
    SatisfactionException,
    Tier,
)
from portal.cases.workflow import CaseState
from portal.demo import content, dates
from portal.demo.case_checks import RATING_WINDOW
from portal.demo.casework import DemoCase
from portal.demo.checks import problems
from portal.demo.reading import ContentError, build
from portal.demo.town import DemoChannel
from portal.notices.workflow import NoticeState
from portal.outcomes.workflow import OutcomeKind, OutcomeState


def test_the_files_hold_no_problem():
    assert content.load()


def test_the_city_is_large_enough():
    city = content.load()
    assert len(city.units) >= 30
    assert len(city.areas) >= 10
    assert len(city.categories) == 12
    assert len(city.people) >= 70
    assert len(city.companies) == 15


def test_one_person_is_on_leave_one_has_left_and_one_stands_in():
    people = content.load().people.values()
    assert any(person.leave for person in people)
    assert any(not any(a.is_running for a in person.appointments) for person in people)
    assert any(a.deputy_for for person in people for a in person.appointments)


def test_every_state_and_closing_kind_occurs():
    cases = content.load().cases.values()
    assert len(cases) >= 120
    assert {case.state for case in cases} == set(CaseState)
    assert {case.closing for case in cases if case.closing} == set(ClosingKind)
    assert {case.tier for case in cases} == set(Tier)
    assert {case.kind for case in cases} == set(AppealKind)
    assert {case.refusal.reason for case in cases if case.refusal} == set(NotAcceptedReason)


def test_enough_is_published_and_some_is_kept_private():
    cases = content.load().cases.values()
    assert sum(bool(case.public and case.closing) for case in cases) >= 65
    assert sum(not case.consent for case in cases) >= 12
    assert sum(bool(case.personal) for case in cases) >= 15


def test_each_category_has_ten_cases():
    counts = Counter(case.category for case in content.load().cases.values())
    assert set(counts.values()) == {10}
    assert counts.keys() == content.load().categories.keys()


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{day+0} 提出", "6 月 14 日 提出"),
        ("{day-12} 报修", "6 月 2 日 报修"),
        ("{date-165} 验收", "2025 年 12 月 31 日 验收"),
        ("{month-30}里", "5 月里"),
        ("{year-400}就", "2025 年就"),
        ("{weekday+1}来", "星期一来"),
        ("没有日期", "没有日期"),
    ],
)
def test_relative_dates_are_filled_from_the_day_of_submission(text: str, filled: str):
    assert dates.fill(text, date(2026, 6, 14)) == filled


def test_a_brace_that_is_no_placeholder_is_noticed():
    assert dates.leftovers("{tag+3}")
    assert not dates.leftovers("{day+3}")


@pytest.mark.parametrize(
    "row",
    [
        {"code": "X", "name": "甲", "name_en": "A", "kind": "online", "staff_only": False, "colour": "red"},
        {"code": "X", "name": "甲", "name_en": "A", "kind": "online", "staff_only": "no"},
        {"code": "X", "name": "甲"},
    ],
)
def test_a_row_with_a_wrong_field_is_refused(row: dict[str, object]):
    with pytest.raises(ContentError):
        build(DemoChannel, row, "channel X")


def test_a_case_assigned_to_the_unit_it_complains_about_is_noticed():
    city = content.load()
    case = next(case for case in city.cases.values() if case.concerns and case.lead)
    wrong = replace(city, cases={**city.cases, case.key: replace(case, lead=case.concerns)})
    assert any("must not see it" in problem for problem in problems(wrong))


def test_a_phone_number_that_could_be_real_is_noticed():
    city = content.load()
    case = next(iter(city.cases.values()))
    wrong = replace(city, cases={case.key: replace(case, text=case.text + "13912345678")})
    assert any("may be real" in problem for problem in problems(wrong))


def test_templates_rules_and_notices_are_there():
    city = content.load()
    assert len(city.templates) == 12
    assert len(city.rules) == 20
    assert len(city.notices) == 11
    assert {notice.state for notice in city.notices.values()} == set(NoticeState)
    assert not any(dates.leftovers(notice.body) for notice in city.notices.values())
    assert not any(dates.leftovers(o.body) for o in city.outcomes.values())
    assert {outcome.state for outcome in city.outcomes.values()} == set(OutcomeState)
    assert {outcome.kind for outcome in city.outcomes.values()} == set(OutcomeKind)


def test_every_closed_case_passes_the_gates_of_the_closing_rule():
    for case in content.load().cases.values():
        if case.closing is not None:
            assert closing_gate(_facts(case)) == (), case.key


def _facts(case: DemoCase) -> ClosingFacts:
    last = case.replies[-1] if case.replies else None
    rated = last.rating.result if last and last.rating else None
    window_over = last is None or case.days_ago > last.day + RATING_WINDOW
    exception = None
    if last and last.reopening and last.reopening.granted is False:
        exception = SatisfactionException.REOPENING_REFUSED
    elif rated is None:
        exception = SatisfactionException.NOT_RATED
    return ClosingFacts(
        kind=case.closing or ClosingKind.SOLVED,
        evidence=len(last.evidence) if last else 0,
        rating=rated,
        exception=exception,
        rating_window_over=window_over,
        outcomes=int(bool(case.mechanism and case.mechanism.outcome)),
        not_needed_because=case.mechanism.not_needed if case.mechanism else "",
        legal_ground=last.legal_ground if last else "",
        handover_receipt=last.handed_to if last else "",
        parts=tuple(Part(part.state, part.text) for part in case.parts),
    )


def test_texts_are_long_and_short():
    lengths = sorted(len(case.text) for case in content.load().cases.values())
    assert lengths[0] >= 50
    assert lengths[60] >= 150
    assert sum(length > 1_500 for length in lengths) >= 3
