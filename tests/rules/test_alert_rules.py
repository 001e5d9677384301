"""When a message to one person goes out."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.alerts.rules import MOST_TRIES, after_quiet, next_digest, next_try
from tests.cast import ZONE


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "quiet", "goes", "remark"),
    [
        ("2026-06-18T10:00", (21, 7), "2026-06-18T10:00", "in the day, at once"),
        ("2026-06-18T20:59", (21, 7), "2026-06-18T20:59", "a minute before the quiet"),
        ("2026-06-18T21:00", (21, 7), "2026-06-19T07:00", "the quiet has begun"),
        (
            "2026-06-19T00:00",
            (21, 7),
            "2026-06-19T07:00",
            "a date that ended at midnight is told in the morning",
        ),
        ("2026-06-19T06:59", (21, 7), "2026-06-19T07:00", "the last minute of the quiet"),
        ("2026-06-19T07:00", (21, 7), "2026-06-19T07:00", "the quiet is over"),
        ("2026-06-18T13:30", (12, 14), "2026-06-18T14:00", "a quiet noon"),
        ("2026-06-18T23:30", (12, 14), "2026-06-18T23:30", "and a loud night"),
        ("2026-06-18T03:00", (0, 0), "2026-06-18T03:00", "equal hours: never quiet"),
        ("2026-12-31T23:00", (22, 6), "2027-01-01T06:00", "over the year's end"),
    ],
)
def test_nobody_is_disturbed_in_their_quiet_hours(at, quiet, goes, remark):
    assert after_quiet(local(at), *quiet, ZONE) == local(goes), remark


@pytest.mark.parametrize(
    ("at", "hour", "goes", "remark"),
    [
        ("2026-06-18T07:59", 8, "2026-06-18T08:00", "this morning's"),
        ("2026-06-18T08:00", 8, "2026-06-19T08:00", "this morning's has gone"),
        ("2026-06-18T23:00", 0, "2026-06-19T00:00", "at midnight"),
        ("2026-06-18T00:00", 0, "2026-06-19T00:00", "just gone"),
    ],
)
def test_the_digest_comes_at_its_hour(at, hour, goes, remark):
    assert next_digest(local(at), hour, ZONE) == local(goes), remark


def test_a_failed_delivery_is_tried_less_and_less_often_and_then_no_more():
    now = datetime(2026, 6, 18, tzinfo=UTC)
    waits = [next_try(now, tries) for tries in range(1, MOST_TRIES)]
    assert waits[:3] == [now + timedelta(minutes=n) for n in (1, 2, 4)]
    assert waits == sorted(waits)
    assert max(waits) - now == timedelta(hours=12)
    assert next_try(now, MOST_TRIES) is None
