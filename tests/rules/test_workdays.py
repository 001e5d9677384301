"""Working days: examples by remark, laws by hypothesis, and the official calendar day by day."""

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.errors import Invalid
from portal.kernel.workdays import (
    COMPLETE_YEARS,
    Calendar,
    add_calendar_days,
    add_workdays,
    default_calendar,
    unknown_years,
    workdays_between,
)

CHINA = default_calendar()
BLANK = Calendar()
DAYS = st.dates(date(2023, 1, 20), date(2026, 12, 1))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "worked", "remark"),
    [
        ("2026-03-04", True, "an ordinary Wednesday"),
        ("2026-03-07", False, "an ordinary Saturday"),
        ("2026-02-17", False, "Spring Festival, a Tuesday"),
        ("2026-02-23", False, "a Monday given off for a Saturday worked"),
        ("2026-02-28", True, "that Saturday"),
        ("2026-09-20", True, "a Sunday worked before National Day"),
        ("2026-01-04", True, "a Sunday worked after New Year"),
        ("2024-02-09", True, "the eve of 2024 was worked"),
        ("2025-01-28", False, "the eve of 2025, a holiday by law since that year"),
        ("2023-12-30", False, "a Saturday; the New Year of 2024 moved no day of 2023"),
        ("2027-02-08", True, "2027 is not complete: a Monday is taken as worked, and said"),
        ("2027-01-02", False, "a Saturday in a year unknown"),
    ],
)
def test_is_workday(day: str, worked: bool, remark: str) -> None:
    assert CHINA.is_workday(d(day)) is worked, remark


@pytest.mark.parametrize(
    ("start", "amount", "end", "remark"),
    [
        ("2026-03-04", 1, "2026-03-05", "Wednesday plus one"),
        ("2026-03-06", 1, "2026-03-09", "Friday plus one is Monday"),
        ("2026-03-07", 1, "2026-03-09", "Saturday's arrival plus one is Monday"),
        ("2026-03-08", 1, "2026-03-09", "Sunday's too"),
        ("2026-02-27", 1, "2026-02-28", "Friday plus one is Saturday when that is made up"),
        ("2026-02-28", 1, "2026-03-02", "a start on a worked Saturday is still day 0"),
        ("2026-09-30", 1, "2026-10-08", "over the National Day week"),
        ("2026-09-30", 3, "2026-10-10", "and into its worked Saturday"),
        ("2026-02-13", 3, "2026-02-25", "over Spring Festival, with its eve's worked Saturday"),
        ("2026-12-30", 2, "2027-01-01", "over the year's end into a year unknown: a Friday is worked"),
        ("2026-03-09", -1, "2026-03-06", "back over a weekend"),
        ("2026-03-07", -1, "2026-03-06", "back from a rest day"),
        ("2026-10-08", -2, "2026-09-29", "back over the National Day week"),
        ("2026-03-07", 0, "2026-03-07", "nothing added: the day itself, worked or not"),
        ("2028-02-28", 1, "2028-02-29", "a leap day"),
    ],
)
def test_add_workdays(start: str, amount: int, end: str, remark: str) -> None:
    assert add_workdays(CHINA, d(start), amount) == d(end), remark


@pytest.mark.parametrize(
    ("start", "amount", "roll", "end", "remark"),
    [
        ("2026-03-02", 4, True, "2026-03-06", "ends on a Friday"),
        ("2026-03-02", 5, True, "2026-03-09", "ends on a Saturday: moves to Monday"),
        ("2026-03-02", 5, False, "2026-03-07", "unless it may not move"),
        ("2026-09-17", 3, True, "2026-09-20", "ends on a Sunday that is worked: stays"),
        ("2026-09-20", 15, True, "2026-10-08", "ends in the National Day week"),
        ("2026-03-07", 0, True, "2026-03-09", "nothing added, but a rest day moves"),
    ],
)
def test_add_calendar_days(start: str, amount: int, roll: bool, end: str, remark: str) -> None:
    assert add_calendar_days(CHINA, d(start), amount, roll=roll) == d(end), remark


@pytest.mark.parametrize(
    ("start", "end", "count", "remark"),
    [
        ("2026-03-06", "2026-03-06", 0, "the start is day 0"),
        ("2026-03-06", "2026-03-09", 1, "over a weekend"),
        ("2026-03-06", "2026-03-08", 0, "into a weekend"),
        ("2026-09-30", "2026-10-10", 3, "over a holiday with a worked Saturday"),
        ("2026-03-09", "2026-03-06", -1, "backwards"),
        ("2026-03-08", "2026-03-06", -1, "backwards from a Sunday"),
    ],
)
def test_workdays_between(start: str, end: str, count: int, remark: str) -> None:
    assert workdays_between(CHINA, d(start), d(end)) == count, remark


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_adding_ends_on_a_working_day_and_counting_gives_the_amount_again(start: date, amount: int) -> None:
    end = add_workdays(CHINA, start, amount)
    assert CHINA.is_workday(end)
    assert workdays_between(CHINA, start, end) == amount


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_adding_twice_is_adding_the_sum(start: date, first: int, second: int) -> None:
    assert add_workdays(CHINA, add_workdays(CHINA, start, first), second) == add_workdays(
        CHINA, start, first + second
    )


@given(DAYS, DAYS, st.integers(1, 20))
def test_who_starts_later_is_never_due_earlier(one: date, other: date, amount: int) -> None:
    early, late = sorted((one, other))
    assert add_workdays(CHINA, early, amount) <= add_workdays(CHINA, late, amount)
    assert add_calendar_days(CHINA, early, amount) <= add_calendar_days(CHINA, late, amount)


@given(DAYS, st.integers(0, 400))
def test_a_rolled_day_is_worked_and_no_worked_day_was_passed_over(start: date, amount: int) -> None:
    end = add_calendar_days(CHINA, start, amount)
    assert CHINA.is_workday(end)
    assert workdays_between(CHINA, start + timedelta(days=amount), end) in (0, 1)


def test_the_citys_own_days_are_read_first_and_the_later_layer_wins() -> None:
    storm, festival = d("2026-08-12"), d("2027-02-08")
    closed = CHINA.with_overrides({storm: False, festival: False})
    assert not closed.is_workday(storm)
    assert not closed.is_workday(festival), "also in a year that is not complete"
    assert not closed.knows(2027), "and the year stays unknown"
    assert closed.with_overrides({storm: True}).is_workday(storm)
    assert CHINA.is_workday(storm), "the calendar underneath is unchanged"


def test_half_a_table_is_not_used() -> None:
    half = Calendar.of({2027: (False, [d("2027-02-08")], [])})
    assert half.is_workday(d("2027-02-08"))
    assert not half.knows(2027)


@pytest.mark.parametrize(
    ("days_off", "make_up", "code", "remark"),
    [
        (["2025-12-31"], [], "calendar_day_outside_year", "a day of another year"),
        (["2026-10-10"], ["2026-10-10"], "calendar_day_twice", "off and worked at once"),
        ([], ["2026-10-08"], "make_up_day_on_weekday", "a Thursday needs no making up"),
    ],
)
def test_tables_that_cannot_be_right(days_off: list[str], make_up: list[str], code: str, remark: str) -> None:
    with pytest.raises(Invalid) as invalid:
        Calendar.of({2026: (True, [d(x) for x in days_off], [d(x) for x in make_up])})
    assert invalid.value.code == code, remark


def test_unknown_years_are_named() -> None:
    assert unknown_years(CHINA, d("2026-12-30"), d("2026-12-31")) == ()
    assert unknown_years(CHINA, d("2026-12-30"), d("2027-01-04")) == (2027,)
    assert unknown_years(BLANK, d("2026-12-30"), d("2027-01-04")) == (2026, 2027)


def test_the_default_calendar_agrees_with_the_official_one_on_every_day() -> None:
    folder = os.environ.get("OPENLOUNGE_DATA")
    if not folder:
        if os.environ.get("CI") == "true":
            pytest.fail("OPENLOUNGE_DATA must point at the data in CI")
        pytest.skip("OPENLOUNGE_DATA is not set")
    with open(Path(folder) / "calendar" / "cn_holidays_2023_2027.csv", encoding="utf-8") as file:
        official = {d(row["date"]): row["is_off_day"] == "0" for row in csv.DictReader(file)}
    first = date(COMPLETE_YEARS[0], 1, 1)
    days = [first + timedelta(days=n) for n in range(1461)]
    assert days[-1] == date(COMPLETE_YEARS[-1], 12, 31)
    wrong = [day for day in days if CHINA.is_workday(day) != official.get(day, day.weekday() < 5)]
    assert wrong == []
