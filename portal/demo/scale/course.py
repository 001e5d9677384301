"""What happens to an invented case, and when: drawn as a whole, then cut off at the present. Pure.

So old cases are over, fresh ones stand where a case of that age stands, and some are late.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from random import Random

from portal.cases.vocabulary import NotAcceptedReason, Rating, Tier
from portal.cases.workflow import CaseState

OPENS, CLOSES = 9, 17
"""Office hours; people write between 7 and 22."""
NOT_RATED = timedelta(days=15)
"""The rating stays open until the fourteenth day is over; then the clock closes the case."""
REASONS = tuple(NotAcceptedReason)
LEVELS = (
    (Rating.VERY_SATISFIED, 30),
    (Rating.SATISFIED, 50),
    (Rating.NEUTRAL, 20),
)
TIERS = ((Tier.FIRST_ASK, 88), (Tier.ESCALATED, 6), (Tier.JOINT, 6))


@dataclass(frozen=True, slots=True)
class Course:
    """The moments of a case; what has not happened yet is None."""

    opened: datetime
    tier: Tier = Tier.FIRST_ASK
    screened: datetime | None = None
    declined: datetime | None = None
    reason: str | None = None
    withdrawn: datetime | None = None
    assigned: datetime | None = None
    accepted: datetime | None = None
    started: datetime | None = None
    answered: datetime | None = None
    rated: datetime | None = None
    level: Rating | None = None
    closed: datetime | None = None
    proposed: datetime | None = None
    published: datetime | None = None

    @property
    def state(self) -> CaseState:
        """Where the case stands."""
        return next(
            (state for name, state in _STATES if getattr(self, name) is not None), CaseState.SUBMITTED
        )

    @property
    def last(self) -> datetime:
        """When something happened to it last."""
        return next(
            (moment for name, _ in _STATES if (moment := getattr(self, name)) is not None), self.opened
        )


_STATES = (
    ("closed", CaseState.CLOSED),
    ("answered", CaseState.ANSWERED),
    ("started", CaseState.HANDLING),
    ("accepted", CaseState.ACCEPTED),
    ("assigned", CaseState.ASSIGNED),
    ("withdrawn", CaseState.WITHDRAWN),
    ("declined", CaseState.NOT_ACCEPTED),
    ("screened", CaseState.SCREENED),
)
_MOMENTS = (
    "screened",
    "declined",
    "withdrawn",
    "assigned",
    "accepted",
    "started",
    "answered",
    "rated",
    "closed",
    "proposed",
    "published",
)


def draw(random: Random, opened: datetime, days: int, zone: tzinfo, now: datetime) -> Course:
    """The course of a case whose limit is about so many calendar days, as far as it has come by `now`."""
    tier = random.choices([tier for tier, _ in TIERS], [weight for _, weight in TIERS])[0]
    chance = random.random()
    screened = at_office(opened + timedelta(hours=random.uniform(1, 12)), zone, random)
    course = Course(opened, tier, screened)
    if chance < 0.04:
        declined = at_office(screened + timedelta(hours=random.uniform(1, 8)), zone, random)
        return cut(replace(course, declined=declined, reason=random.choice(REASONS).value), now)
    if chance < 0.06:
        withdrawn = screened + timedelta(hours=random.uniform(1, 30))
        return cut(replace(course, withdrawn=withdrawn), now)
    return cut(_worked_on(random, course, days, zone), now)


def _worked_on(random: Random, course: Course, days: int, zone: tzinfo) -> Course:
    assert course.screened is not None
    assigned = at_office(course.screened + timedelta(hours=random.uniform(0.5, 6)), zone, random)
    accepted = at_office(assigned + timedelta(hours=random.uniform(1, 20)), zone, random)
    started = at_office(accepted + timedelta(hours=random.uniform(0.5, 8)), zone, random)
    # Nine in ten are answered in time, most of them well before; one in fifty takes very long.
    share = random.triangular(0.2, 1.05, 0.75) if random.random() < 0.98 else random.uniform(1.2, 3)
    answered = at_office(max(started, course.opened + timedelta(days=days * share)), zone, random)
    course = replace(course, assigned=assigned, accepted=accepted, started=started, answered=answered)
    if random.random() < 0.55:
        rated = answered + timedelta(days=random.uniform(0.2, 12))
        level = random.choices([level for level, _ in LEVELS], [weight for _, weight in LEVELS])[0]
        course = replace(course, rated=rated, level=level, closed=rated)
    else:
        course = replace(course, closed=answered + NOT_RATED + timedelta(minutes=random.uniform(1, 60)))
    if random.random() < 0.8:
        assert course.closed is not None
        proposed = at_office(course.closed + timedelta(hours=random.uniform(4, 60)), zone, random)
        published = at_office(proposed + timedelta(hours=random.uniform(1, 24)), zone, random)
        course = replace(course, proposed=proposed, published=published)
    return course


def cut(course: Course, now: datetime) -> Course:
    """What has happened by now."""
    ahead = [name for name in _MOMENTS if (moment := getattr(course, name)) is not None and moment >= now]
    if not ahead:
        return course
    changes: dict[str, None] = dict.fromkeys(ahead)
    if "declined" in changes:
        changes["reason"] = None
    if "rated" in changes:
        changes["level"] = None
    return replace(course, **changes)  # type: ignore[arg-type]


def at_office(moment: datetime, zone: tzinfo, random: Random) -> datetime:
    """This moment if somebody is at their desk then, else some minutes into the next working day."""
    here = moment.astimezone(zone)
    if here.hour < OPENS:
        here = datetime.combine(here.date(), time(OPENS), zone)
    elif here.hour >= CLOSES:
        here = datetime.combine(here.date() + timedelta(days=1), time(OPENS), zone)
    if (rest := here.weekday() - 4) > 0:
        here = datetime.combine(here.date() + timedelta(days=3 - rest), time(OPENS), zone)
    return here if here == moment else here + timedelta(seconds=random.randrange(3600))


def opening(random: Random, number: int, count: int, first: datetime, now: datetime) -> datetime:
    """When the `number`-th of `count` cases was submitted: evenly spread, in order, and never at night."""
    share = (number + random.random()) / count
    moment = first + (now - first) * share
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    waking = day + timedelta(hours=7) + (moment - day) * (15 / 24)
    return min(waking, now - timedelta(minutes=5)).replace(microsecond=0)
