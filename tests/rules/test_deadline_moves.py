"""Pauses, extensions and stages."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deadlines.rules import (
    Due,
    Limit,
    Pause,
    Stage,
    Step,
    StepCode,
    check_extension,
    due,
    extend,
    milestones,
    shift_for_pauses,
    stage,
)
from portal.kernel.errors import Invalid, Refused
from portal.kernel.workdays import default_calendar

CHINA = default_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
LIMITS = st.builds(Limit, st.integers(1, 20), st.sampled_from(["workdays", "days", "hours"]))
FIRST = datetime.fromisoformat("2024-01-02T00:00").replace(tzinfo=SHANGHAI)
STARTS = st.timedeltas(timedelta(0), timedelta(days=940)).map(lambda later: FIRST + later)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def given_due(limit: Limit, start: str) -> Due:
    return due(limit, local(start), CHINA, SHANGHAI)


TEN = Limit(10, "workdays")
MARCH_2 = "2026-03-02T10:00"
"""A Monday; ten working days later is Monday the 16th."""


@pytest.mark.parametrize(
    ("limit", "pauses", "day", "remark"),
    [
        (TEN, [], "2026-03-16", "no pause"),
        (TEN, [("2026-03-03T09:00", "2026-03-03T17:00")], "2026-03-16", "asked and answered on one day"),
        (TEN, [("2026-03-03T09:00", "2026-03-05T09:00")], "2026-03-18", "two working days back"),
        (TEN, [("2026-03-06T09:00", "2026-03-09T09:00")], "2026-03-17", "a weekend inside is not given back"),
        (TEN, [("2026-03-07T09:00", "2026-03-08T09:00")], "2026-03-16", "a weekend gives nothing"),
        (
            TEN,
            [("2026-03-03T09:00", "2026-03-04T09:00"), ("2026-03-10T09:00", "2026-03-11T09:00")],
            "2026-03-18",
            "two pauses add up",
        ),
        (
            TEN,
            [("2026-03-03T09:00", "2026-03-05T09:00"), ("2026-03-04T09:00", "2026-03-06T09:00")],
            "2026-03-19",
            "what overlaps counts once",
        ),
        (TEN, [("2026-03-17T00:00", "2026-03-20T09:00")], "2026-03-16", "already late: nothing back"),
        (TEN, [("2026-03-16T23:59", "2026-03-18T09:00")], "2026-03-18", "a minute before is in time"),
        (
            TEN,
            [("2026-03-18T09:00", "2026-03-19T09:00"), ("2026-03-13T09:00", "2026-03-17T09:00")],
            "2026-03-19",
            "the first pause keeps it in time for the second, in whatever order they are told",
        ),
        (Limit(15, "days"), [("2026-03-03T09:00", "2026-03-06T09:00")], "2026-03-20", "calendar days"),
        (Limit(15, "days"), [("2026-03-03T09:00", "2026-03-07T09:00")], "2026-03-23", "and they roll"),
        (
            Limit(2, "days"),
            [("2026-03-04T09:00", "2026-03-07T09:00"), ("2026-03-08T09:00", "2026-03-09T09:00")],
            "2026-03-09",
            "they roll once in all: small pauses win no rest days",
        ),
    ],
)
def test_pauses_give_time_back(limit: Limit, pauses: list[tuple[str, str]], day: str, remark: str) -> None:
    spans = [Pause(local(since), local(until)) for since, until in pauses]
    moved = shift_for_pauses(given_due(limit, MARCH_2), limit, spans, CHINA, SHANGHAI)
    assert moved.day == date.fromisoformat(day), remark
    assert moved.at == local(day) + timedelta(days=1), remark


def test_hours_are_given_back_exactly() -> None:
    limit = Limit(48, "hours")
    pause = Pause(local("2026-03-03T09:00"), local("2026-03-03T10:30"))
    moved = shift_for_pauses(given_due(limit, MARCH_2), limit, [pause], CHINA, SHANGHAI)
    assert moved.at == local("2026-03-04T11:30")


def test_a_pause_is_part_of_the_explanation_and_leaves_the_length_alone() -> None:
    first = given_due(TEN, MARCH_2)
    pause = Pause(local("2026-03-03T09:00"), local("2026-03-05T09:00"))
    moved = shift_for_pauses(first, TEN, [pause], CHINA, SHANGHAI)
    assert moved.steps[-2:] == (
        Step(StepCode.PAUSE, date(2026, 3, 3), date(2026, 3, 5), 2, "workdays"),
        Step(StepCode.END, date(2026, 3, 18)),
    )
    assert moved.length == first.length


def test_a_pause_into_a_year_not_loaded_makes_the_date_provisional() -> None:
    first = given_due(TEN, "2026-12-07T10:00")
    assert not first.provisional
    pause = Pause(local("2026-12-08T09:00"), local("2026-12-22T09:00"))
    moved = shift_for_pauses(first, TEN, [pause], CHINA, SHANGHAI)
    assert moved.provisional
    assert Step(StepCode.UNKNOWN_YEAR, amount=2027) in moved.steps


def test_a_pause_that_ends_before_it_begins_is_no_pause() -> None:
    with pytest.raises(Invalid):
        Pause(local("2026-03-03T09:00"), local("2026-03-03T08:59"))


@given(
    LIMITS,
    STARTS,
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 300)), max_size=4),
)
def test_a_pause_never_takes_time_away_and_a_longer_one_gives_no_less(
    limit: Limit, start: datetime, spans: list[tuple[int, int]]
) -> None:
    def pauses(longer_by: int) -> list[Pause]:
        begins = [(start + timedelta(hours=hours), length) for hours, length in spans]
        return [Pause(at, at + timedelta(hours=length + longer_by)) for at, length in begins]

    first = due(limit, start, CHINA, SHANGHAI)
    moved = shift_for_pauses(first, limit, pauses(0), CHINA, SHANGHAI)
    longer = shift_for_pauses(first, limit, pauses(24), CHINA, SHANGHAI)
    assert first.at <= moved.at <= longer.at
    assert moved.steps[0] == first.steps[0]
    assert moved.steps[-1] == Step(StepCode.END, moved.day)


@pytest.mark.parametrize(
    ("change", "code", "remark"),
    [
        ({}, None, "once, in time, with ground, by two persons"),
        ({"times": 1}, "extension_used_up", "only once"),
        ({"now": "2026-03-17T00:00"}, "extension_too_late", "the due day is over"),
        ({"now": "2026-03-16T23:59"}, None, "the due day's last minute"),
        ({"ground": " \u3000"}, "reason_required", "blank is no ground"),
        ({"proposed": "2026-03-16"}, "extension_not_later", "no later than it was"),
        ({"approved_by": 1}, "second_person_required", "nobody extends for themselves"),
    ],
)
def test_extensions(change: dict[str, object], code: str | None, remark: str) -> None:
    asked = {
        "now": "2026-03-13T10:00",
        "proposed": "2026-03-25",
        "ground": "等待检测报告",
        "asked_by": 1,
        "approved_by": 2,
        "times": 0,
    } | change
    now, proposed = local(str(asked.pop("now"))), date.fromisoformat(str(asked.pop("proposed")))
    ground = str(asked.pop("ground"))
    if code is None:
        check_extension(given_due(TEN, MARCH_2), now, proposed, ground, **asked)  # type: ignore[arg-type]
        return
    with pytest.raises(Refused) as refused:
        check_extension(given_due(TEN, MARCH_2), now, proposed, ground, **asked)  # type: ignore[arg-type]
    assert refused.value.code == code, remark


def test_an_extension_moves_to_the_end_of_the_proposed_day_and_says_so() -> None:
    first = given_due(TEN, MARCH_2)
    moved = extend(first, date(2026, 3, 28), SHANGHAI)
    assert moved.at == local("2026-03-29T00:00")
    assert moved.steps[-2:] == (
        Step(StepCode.EXTEND, date(2026, 3, 16), date(2026, 3, 28)),
        Step(StepCode.END, date(2026, 3, 28)),
    )
    assert moved.length == first.length


@pytest.mark.parametrize(
    ("limit", "before", "now", "expected", "remark"),
    [
        (TEN, 3, "2026-03-10T23:59", Stage.ON_TRACK, "four working days before"),
        (TEN, 3, "2026-03-11T00:00", Stage.DUE_SOON, "three working days before: the reminder"),
        (TEN, 3, "2026-03-16T23:59:59", Stage.DUE_SOON, "the last second"),
        (TEN, 3, "2026-03-17T00:00", Stage.OVERDUE, "the midnight that ends the due day"),
        (TEN, 3, "2026-03-31T13:59", Stage.OVERDUE, "late, but by less than the time it had"),
        (TEN, 3, "2026-03-31T14:00", Stage.VERY_LATE, "late by the time it had"),
        (Limit(2, "workdays"), 2, "2026-03-02T10:01", Stage.ON_TRACK, "not amber at birth"),
        (Limit(2, "workdays"), 2, "2026-03-03T00:00", Stage.DUE_SOON, "but from the day after"),
        (Limit(4, "hours"), 2, "2026-03-02T13:59", Stage.ON_TRACK, "no reminder fits into four hours"),
        (Limit(4, "hours"), 2, "2026-03-02T14:00", Stage.OVERDUE, "late at the very instant"),
    ],
)
def test_stages(limit: Limit, before: int, now: str, expected: Stage, remark: str) -> None:
    found = stage(given_due(limit, MARCH_2), local(now), CHINA, SHANGHAI, remind_before=before)
    assert found is expected, remark


@pytest.mark.parametrize("now", [MARCH_2, "2026-06-01T00:00"])
def test_a_paused_or_stopped_clock_has_no_other_stage(now: str) -> None:
    first = given_due(TEN, MARCH_2)
    assert stage(first, local(now), CHINA, SHANGHAI, paused=True) is Stage.PAUSED
    assert stage(first, local(now), CHINA, SHANGHAI, stopped=True) is Stage.STOPPED
    assert stage(first, local(now), CHINA, SHANGHAI, stopped=True, paused=True) is Stage.STOPPED


def test_a_listing_is_proposed_after_five_working_days_from_the_day_after() -> None:
    marks = milestones(given_due(TEN, MARCH_2), CHINA, SHANGHAI, remind_before=3)
    assert marks.after == local("2026-03-17T00:00"), "Tuesday, the day after"
    assert marks.listing == local("2026-03-25T00:00"), "Tuesday the 24th is the fifth; later than that"


def test_hours_late_are_reminded_the_day_after() -> None:
    marks = milestones(given_due(Limit(48, "hours"), MARCH_2), CHINA, SHANGHAI)
    assert marks.at == local("2026-03-04T10:00")
    assert marks.after == local("2026-03-05T00:00")


@given(LIMITS, STARTS, st.integers(1, 6))
def test_milestones_stand_in_order_and_each_is_found_by_looking_again(
    limit: Limit, start: datetime, before: int
) -> None:
    marks = milestones(due(limit, start, CHINA, SHANGHAI), CHINA, SHANGHAI, remind_before=before)
    assert start <= marks.soon <= marks.at <= marks.after < marks.listing
    assert marks.at < marks.very_late
    now, seen = start, [marks.stage(start)]
    while (later := marks.next_after(now)) is not None:
        before_that = marks.stage(later - timedelta(microseconds=1))
        assert before_that is seen[-1], "no stage changes between two looks"
        now = later
        seen.append(marks.stage(now))
    assert seen[-1] is Stage.VERY_LATE
