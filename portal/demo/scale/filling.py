"""Writing the city at scale, batch by batch: what was written stays, and a run that was cut short goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.past import PastAppeal, PastReply, prepare
from portal.cases.vocabulary import PartyKind
from portal.deadlines.limits import LimitEvent
from portal.deadlines.queries import load_calendar
from portal.demo import content, invention, pictures
from portal.demo.dates import fill as fill_dates
from portal.demo.scale.clocks import Clocks
from portal.demo.scale.course import Course, draw, opening
from portal.demo.scale.made import Invented, Row
from portal.demo.scale.places import Places, look_up
from portal.demo.scale.rows import PICTURES
from portal.demo.scale.writing import write
from portal.identity.models import Installation
from portal.kernel import files
from portal.kernel.clock import local_date
from portal.kernel.db import Database, keys_of, zone_of
from portal.kernel.keys import Keys
from portal.publishing.models import PublishedCase
from portal.publishing.service.counting import rebuild_counts

SIZES = {"city": 10_000, "large": 100_000}
DAYS = 900
BATCH = 500
CALENDAR_DAYS = {"workdays": 1.45, "days": 1.0, "hours": 1 / 24}
"""How many calendar days one of a unit is, roughly: for drawing how long an answer takes."""
DONE, BEGUN, PUBLIC = "scale_done", "scale_begun", "scale_public"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """What is the same for all cases of a run."""

    now: datetime
    count: int
    places: Places
    clocks: Clocks
    city: content.DemoCity
    pictures: list[Row]
    keys: Keys

    def opened(self, number: int) -> datetime:
        """When a case was submitted."""
        zone = self.clocks.zone
        now = self.now.astimezone(zone)
        return opening(Random(f"day {number}"), number, self.count, now - timedelta(days=DAYS), now)

    def invented(self, number: int) -> tuple[invention.InventedCase, Course]:
        """A case and its course; the same number gives the same, as long as `now` is the same."""
        random = Random(number)
        case = invention.invent(invention.ingredients(), random, self.places.unit_names)
        opened = self.opened(number)
        limit = self.clocks.give(
            LimitEvent.RESULT, opened, kind=case.kind.value, party=case.party.value, tier="first_ask"
        ).row.limit
        days = limit.amount * CALENDAR_DAYS[limit.unit]
        return case, draw(random, opened, round(days), self.clocks.zone, self.now)


def fill(
    database: Database, now: datetime, upload_dir: Path, count: int, progress: Progress = lambda *_: None
) -> int:
    """Write `count` invented cases into a founded city, or what is missing of them; returns how many were."""
    with database.transaction() as db:
        now = _begun(db, now)
        kept = _pictures(db, now, upload_dir)
        plan = _plan(db, now, count, kept)
        done = int(_noted(db, DONE) or 0)
    if done >= count:
        return 0
    ranks = _ranks(plan)
    with database.reading() as db:
        base = _base(db)
    for start in range(done, count, BATCH):
        end = min(start + BATCH, count)
        made = list(_made(plan, start, end))
        with database.transaction() as db:
            write(
                db,
                plan.clocks,
                plan.places,
                made,
                {n: base + ranks[n] for n in range(start, end) if n in ranks},
            )
            _note(db, DONE, str(end))
        progress(end, count)
    with database.transaction() as db:
        rebuild_counts(db, now)
    return count - done


def _begun(db: Session, now: datetime) -> datetime:
    """The moment the first run began: a later one goes on from the same present."""
    begun = _noted(db, BEGUN)
    if begun is None:
        _note(db, BEGUN, now.isoformat())
        return now
    return datetime.fromisoformat(begun)


def _base(db: Session) -> int:
    """Public ids begin after those that were there before the first run."""
    return int(_noted(db, PUBLIC) or 0)


def _noted(db: Session, name: str) -> str | None:
    return db.scalar(select(Installation.value).where(Installation.name == name))


def _note(db: Session, name: str, value: str) -> None:
    row = db.get(Installation, name)
    if row is None:
        db.add(Installation(name=name, value=value))
    else:
        row.value = value
    db.flush()


def _plan(db: Session, now: datetime, count: int, kept: list[Row]) -> Plan:
    city = content.load()
    clocks = Clocks(load_calendar(db), zone_of(db), now)
    if _noted(db, PUBLIC) is None:
        _note(db, PUBLIC, str(db.scalar(select(func.max(PublishedCase.id))) or 0))
    return Plan(now, count, look_up(db, now, city), clocks, city, kept, keys_of(db))


def _pictures(db: Session, now: datetime, upload_dir: Path) -> list[Row]:
    """A few pictures that all invented evidence shows."""
    found = []
    for caption in PICTURES:
        kept = files.keep(upload_dir, f"{caption}.jpg", pictures.scene(caption), local_date(now, zone_of(db)))
        row = {name: getattr(kept, name) for name in ("name", "media_type", "size", "sha256", "stored_as")}
        found.append({**row, "caption": caption})
    return found


def _ranks(plan: Plan) -> dict[int, int]:
    """Case number → its place in the order of publication, which is that of public ids."""
    moments = [
        (course.published, number)
        for number in range(plan.count)
        if (course := plan.invented(number)[1]).published is not None and _consents(number)
    ]
    return {number: place for place, (_, number) in enumerate(sorted(moments), 1)}


def _consents(number: int) -> bool:
    return Random(f"consent {number}").random() < 0.92


def _made(plan: Plan, start: int, end: int) -> Iterator[Invented]:
    for number in range(start, end):
        yield _make(plan, number)


def _make(plan: Plan, number: int) -> Invented:
    case, course = plan.invented(number)
    random, places = Random(f"rest {number}"), plan.places
    unit_id = places.units[case.unit]
    channels, weights = [c for c, _ in places.channels], [w for _, w in places.channels]
    channel = random.choices(channels, weights)[0]
    company = random.choice(list(places.companies)) if case.party is PartyKind.COMPANY else None
    others = [unit for unit in places.handlers if unit != unit_id]
    result = plan.clocks.result(course, case.kind.value, case.party.value)
    return Invented(
        case=case,
        course=course,
        prepared=prepare(plan.keys, _past(plan, case, course, company, random)),
        result=result,
        rating_until=plan.clocks.give(LimitEvent.RATING, course.answered).found.at
        if course.answered
        else None,
        channel_id=channel.id,
        channel=(channel.name, channel.name_en),
        category_id=places.categories[case.category],
        area_id=places.areas[case.area],
        company_id=places.companies[company] if company else None,
        unit_id=unit_id,
        supporting_unit_id=random.choice(others) if others else None,
        handler_id=random.choice(places.handlers.get(unit_id) or places.office),
        screener_id=random.choice(places.office),
        consent=_consents(number),
        picture=random.choice(plan.pictures),
        seed=number,
    )


def _past(
    plan: Plan, case: invention.InventedCase, course: Course, company: str | None, random: Random
) -> PastAppeal:
    day = local_date(course.opened, plan.clocks.zone)
    citizen = random.choice(list(plan.city.citizens.values()))
    firm = plan.city.companies[company] if company else None
    contact = (firm.contact, firm.phone) if firm else (citizen.name, citizen.phone)
    answered = course.answered
    return PastAppeal(
        external_id="",
        title=fill_dates(case.title, day),
        body=fill_dates(case.text, day),
        kind=case.kind.value,
        occurred_at=course.opened,
        raw={},
        contact={"name": contact[0], "phone": contact[1], "email": ""},
        place=case.place,
        reply=PastReply(fill_dates(case.reply, day), answered) if answered else None,
    )
