"""Due dates: the table of limits, the counting, and the explanation."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.vocabulary import AppealKind, PartyKind, Tier
from portal.deadlines.rules import DEFAULT_LIMITS, Limit, LimitEvent, LimitRow, Step, StepCode, due, limit_for
from portal.kernel.errors import Invalid
from portal.kernel.workdays import default_calendar

CHINA = default_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime.fromisoformat("2023-01-02T00:00").replace(tzinfo=SHANGHAI)
STARTS = st.timedeltas(timedelta(0), timedelta(days=1368)).map(lambda later: FIRST + later)
LIMITS = st.builds(Limit, st.integers(1, 40), st.sampled_from(["workdays", "days", "hours"]))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "party", "tier", "limit", "remark"),
    [
        ("enquiry", "person", "first_ask", Limit(3, "workdays"), "an enquiry"),
        ("suggestion", "person", "first_ask", Limit(10, "workdays"), "a suggestion"),
        ("help", "person", "first_ask", Limit(10, "workdays"), "a request for help"),
        ("complaint", "person", "first_ask", Limit(15, "workdays"), "a complaint"),
        ("report", "person", "joint", Limit(15, "workdays"), "joint handling gains no time"),
        ("enquiry", "company", "first_ask", Limit(2, "workdays"), "a company's enquiry"),
        ("complaint", "company", "first_ask", Limit(4, "workdays"), "anything else of a company"),
        ("enquiry", "person", "escalated", Limit(15, "days"), "escalated: calendar days"),
        ("help", "company", "escalated", Limit(15, "days"), "escalated goes before the party"),
    ],
)
def test_the_limit_for_a_result(kind: str, party: str, tier: str, limit: Limit, remark: str) -> None:
    assert limit_for("result", kind=kind, party=party, tier=tier) == limit, remark


@pytest.mark.parametrize(
    ("event", "limit", "remark"),
    [
        ("screening", Limit(1, "workdays"), "one working day to screen"),
        ("acceptance", Limit(1, "workdays"), "one to accept or object"),
        ("objection", Limit(1, "workdays"), "one to decide the objection"),
        ("reopening", Limit(1, "workdays"), "one to decide on reopening"),
        ("plan", Limit(48, "hours"), "an escalated case's plan"),
        ("asker_reply", Limit(5, "days"), "the asker gives more"),
        ("external_reply", Limit(14, "days"), "an outside party answers"),
        ("rating", Limit(14, "days"), "the rating stays open"),
        ("remedy", Limit(15, "workdays"), "a bad rating made good"),
        ("slip", Limit(3, "workdays"), "after a live session: slip"),
        ("session_plan", Limit(5, "workdays"), "after a live session: plan"),
        ("right_of_reply", Limit(3, "workdays"), "before a circular"),
    ],
)
def test_the_other_limits(event: str, limit: Limit, remark: str) -> None:
    assert limit_for(event) == limit, remark


@pytest.mark.parametrize("kind", list(AppealKind))
@pytest.mark.parametrize("party", list(PartyKind))
@pytest.mark.parametrize("tier", list(Tier))
def test_every_case_has_a_limit(kind: AppealKind, party: PartyKind, tier: Tier) -> None:
    assert limit_for(LimitEvent.RESULT, kind=kind, party=party, tier=tier).amount > 0


def test_the_table_uses_the_words_of_the_cases() -> None:
    assert {row.kind for row in DEFAULT_LIMITS} - {None} <= set(AppealKind)
    assert {row.party for row in DEFAULT_LIMITS} - {None} <= set(PartyKind)
    assert {row.tier for row in DEFAULT_LIMITS} - {None} <= set(Tier)
    assert {row.event for row in DEFAULT_LIMITS} == set(LimitEvent)


def test_a_citys_own_row_goes_before_the_defaults() -> None:
    own = LimitRow(LimitEvent.RESULT, Limit(5, "workdays"), kind="help")
    table = (own, *DEFAULT_LIMITS)
    assert limit_for("result", kind="help", table=table) == Limit(5, "workdays")
    assert limit_for("result", kind="complaint", table=table) == Limit(15, "workdays")


def test_what_is_in_no_row_is_a_programmers_mistake() -> None:
    with pytest.raises(LookupError, match="no limit for result of kind wish"):
        limit_for("result", kind="wish")


@pytest.mark.parametrize(("amount", "unit"), [(0, "days"), (-1, "hours"), (3, "weeks")])
def test_limits_that_are_none(amount: int, unit: str) -> None:
    with pytest.raises(Invalid):
        Limit(amount, unit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limit", "start", "day", "at", "remark"),
    [
        ((1, "workdays"), "2026-03-04T10:00", "2026-03-05", "2026-03-06T00:00", "Wednesday plus one"),
        ((1, "workdays"), "2026-03-07T10:00", "2026-03-09", "2026-03-10T00:00", "Saturday: Monday"),
        ((1, "workdays"), "2026-03-04T00:00", "2026-03-05", "2026-03-06T00:00", "midnight begins its day"),
        ((1, "workdays"), "2026-03-03T23:59:59", "2026-03-04", "2026-03-05T00:00", "a second before"),
        ((3, "workdays"), "2026-09-30T18:00", "2026-10-10", "2026-10-11T00:00", "over National Day"),
        ((5, "days"), "2026-03-02T10:00", "2026-03-09", "2026-03-10T00:00", "a Saturday moves to Monday"),
        ((5, "days"), "2026-03-01T10:00", "2026-03-06", "2026-03-07T00:00", "a Friday stays"),
        ((48, "hours"), "2026-03-06T17:30", "2026-03-08", "2026-03-08T17:30", "hours run on Sundays"),
        ((48, "hours"), "2026-03-06T00:00", "2026-03-07", "2026-03-08T00:00", "to midnight: its last day"),
    ],
)
def test_due(limit: tuple[int, str], start: str, day: str, at: str, remark: str) -> None:
    found = due(Limit(*limit), local(start), CHINA, SHANGHAI)  # type: ignore[arg-type]
    assert found.day == date.fromisoformat(day), remark
    assert found.at == local(at), remark
    assert found.at.tzinfo is UTC, "kept in UTC"
    assert found.length == local(at) - local(start), remark


@pytest.mark.parametrize(
    ("start", "day", "remark"),
    [
        ("2026-03-05T15:59:59", "2026-03-06", "still Thursday in Shanghai"),
        ("2026-03-05T16:00:00", "2026-03-09", "Friday began in Shanghai: due on Monday"),
    ],
)
def test_the_local_day_counts_whatever_the_zone_of_the_start(start: str, day: str, remark: str) -> None:
    instant = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert due(Limit(1, "workdays"), instant, CHINA, SHANGHAI).day == date.fromisoformat(day), remark


def test_a_day_is_a_local_day_where_clocks_change() -> None:
    start = datetime(2026, 3, 7, 12, tzinfo=NEW_YORK)
    found = due(Limit(1, "days"), start, CHINA, NEW_YORK)
    assert found.day == date(2026, 3, 9)
    assert found.at == datetime(2026, 3, 10, 4, tzinfo=UTC), "summer time began on the 8th"
    assert due(Limit(24, "hours"), start, CHINA, NEW_YORK).at == datetime(2026, 3, 8, 17, tzinfo=UTC)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="naive_datetime"):
        due(Limit(1, "days"), datetime(2026, 3, 7, 12), CHINA, SHANGHAI)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("limit", "start", "provisional", "remark"),
    [
        ((1, "workdays"), "2026-12-30T09:00", False, "ends in 2026"),
        ((1, "workdays"), "2026-12-31T09:00", True, "ends in 2027, whose make-up days are unknown"),
        ((15, "days"), "2026-12-20T09:00", True, "ends on a day of 2027"),
        ((48, "hours"), "2026-12-31T09:00", False, "hours need no calendar"),
        (
            (1, "workdays"),
            "2022-12-31T09:00",
            False,
            "the start day is not counted, so its year is no matter",
        ),
    ],
)
def test_a_date_in_a_year_not_loaded_is_provisional(
    limit: tuple[int, str], start: str, provisional: bool, remark: str
) -> None:
    found = due(Limit(*limit), local(start), CHINA, SHANGHAI)  # type: ignore[arg-type]
    assert found.provisional is provisional, remark
    assert any(step.code is StepCode.UNKNOWN_YEAR for step in found.steps) is provisional, remark


def test_the_explanation_says_every_step() -> None:
    found = due(Limit(3, "workdays"), local("2026-09-30T18:00"), CHINA, SHANGHAI)
    assert found.steps == (
        Step(StepCode.START, date(2026, 9, 30)),
        Step(StepCode.COUNT, amount=3, unit="workdays"),
        Step(StepCode.SKIP, date(2026, 10, 1), date(2026, 10, 7)),
        Step(StepCode.MAKE_UP, date(2026, 10, 10)),
        Step(StepCode.END, date(2026, 10, 10)),
    )


def test_the_explanation_of_calendar_days_says_the_roll() -> None:
    found = due(Limit(5, "days"), local("2026-03-02T10:00"), CHINA, SHANGHAI)
    assert found.steps[2:] == (
        Step(StepCode.ROLL, date(2026, 3, 7), date(2026, 3, 9)),
        Step(StepCode.END, date(2026, 3, 9)),
    )


@given(LIMITS, STARTS)
def test_steps_survive_being_kept_as_json(limit: Limit, start: datetime) -> None:
    for step in due(limit, start, CHINA, SHANGHAI).steps:
        assert Step.from_dict(step.as_dict()) == step


@given(LIMITS, STARTS)
def test_nothing_is_due_before_its_full_time(limit: Limit, start: datetime) -> None:
    found = due(limit, start, CHINA, SHANGHAI)
    whole = timedelta(hours=limit.amount) if limit.unit == "hours" else timedelta(days=limit.amount)
    assert found.at - start >= whole
    assert found.day == (found.at - timedelta(microseconds=1)).astimezone(SHANGHAI).date()


@given(LIMITS.filter(lambda limit: limit.unit != "hours"), STARTS)
def test_limits_in_days_end_with_a_working_day_at_local_midnight(limit: Limit, start: datetime) -> None:
    found = due(limit, start, CHINA, SHANGHAI)
    assert CHINA.is_workday(found.day)
    assert found.at.astimezone(SHANGHAI).time() == datetime.min.time()


@given(LIMITS, STARTS, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_later_start_is_never_due_earlier(limit: Limit, start: datetime, wait: timedelta) -> None:
    assert due(limit, start, CHINA, SHANGHAI).at <= due(limit, start + wait, CHINA, SHANGHAI).at
