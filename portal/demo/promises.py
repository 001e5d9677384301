"""The commitments of the demonstration: their content, and how they are played through the services."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from portal.cases.texts import Attachment
from portal.commitments import service
from portal.commitments.service import Change, Picture, Promise
from portal.commitments.service.following import ATTACHMENT
from portal.commitments.workflow import DropReason, Wish
from portal.deadlines import service as deadlines
from portal.demo.casework import DemoCase
from portal.demo.promised import DemoCommitment, DemoReport
from portal.demo.story import Stage
from portal.demo.times import seed
from portal.identity.actors import Actor
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of


@dataclass
class Played:
    """One commitment on its way."""

    stage: Stage
    demo: DemoCommitment
    case: DemoCase
    steps: int = 0

    @property
    def unit(self) -> str:
        return self.demo.unit or self.case.lead

    def at(self, days_ago: int) -> datetime:
        """In office hours of that day, each later than the one before, never in the future."""
        self.steps += 1
        zone = zone_of(self.stage.db)
        day = local_date(self.stage.now, zone) - timedelta(days=days_ago)
        minutes = 20 * self.steps + seed(f"{self.demo.case}/{self.steps}") % 20
        return min(
            datetime.combine(day, time(9), zone) + timedelta(minutes=minutes),
            self.stage.now - timedelta(minutes=60 - self.steps),
        )

    def day(self, days_ahead: int) -> date:
        return local_date(self.stage.now, zone_of(self.stage.db)) + timedelta(days=days_ahead)

    def first(self, role: str = "official") -> Actor:
        """Of the unit."""
        return self.stage.company.of(role, f"{self.demo.case}/promise", self.unit)

    def second(self, first: Actor) -> Actor:
        """Of the office, and another."""
        return self.stage.company.of("moderator", f"{self.demo.case}/second", but=first)


def tell(stage: Stage, demo: DemoCommitment) -> Iterator[datetime]:
    """The story of a commitment: yields the moment of each step, and takes it when it is resumed."""
    played = Played(stage, demo, stage.city.cases[demo.case])
    moment = played.at(demo.made)
    yield moment
    made = _make(played, moment)
    moment = played.at(demo.made)
    yield moment
    if demo.dropped:
        service.drop(stage.db, moment, played.second(played.first()), made, DropReason(demo.dropped))
    if not demo.agreed or demo.dropped:
        return
    service.agree(stage.db, moment, played.second(played.first()), made)
    yield from _later(played, made)


def _make(played: Played, moment: datetime) -> int:
    stage, demo = played.stage, played.demo
    promise = Promise(
        stage.ids.units[played.unit],
        played.first("unit_head").person_id or 0,
        demo.what,
        demo.how,
        played.day(demo.due),
    )
    case_id = stage.filed[demo.case].case_id
    actor = played.first()
    return service.make(stage.db, moment, actor, promise, source_kind="case", source_id=case_id).id


def _later(played: Played, made: int) -> Iterator[datetime]:
    """Reports, a change, the day itself, the end: in the order of their days."""
    demo = played.demo
    episodes: list[tuple[int, int, Callable[[], Iterator[datetime]]]] = [
        (report.days_ago, 0, partial(_report, played, made, report)) for report in demo.follow_ups
    ]
    if demo.change is not None:
        episodes.append((demo.change.days_ago, 1, partial(_change, played, made)))
    due = -(demo.change.due if demo.change and demo.change.agreed else demo.due)
    if due > 1:
        episodes.append((due - 1, 2, partial(_day_over, played, due - 1)))
    if demo.end is not None:
        episodes.append((demo.end.days_ago, 3, partial(_end, played, made)))
    for _, _, episode in sorted(episodes, key=lambda found: (-found[0], found[1])):
        yield from episode()


def _report(played: Played, made: int, report: DemoReport) -> Iterator[datetime]:
    stage, moment = played.stage, played.at(report.days_ago)
    yield moment
    actor = played.first()
    written = service.follow_up(
        stage.db, moment, actor, made, report.text, _pictures(stage, moment, actor, report)
    )
    if not report.shown:
        return
    moment = played.at(report.days_ago)
    yield moment
    service.show(stage.db, moment, played.second(actor), written.id)


def _pictures(stage: Stage, moment: datetime, actor: Actor, report: DemoReport) -> list[Picture]:
    found = []
    for part, caption in (("before", report.before), ("after", report.after), ("paper", report.paper)):
        if caption:
            row = Attachment(
                kind=ATTACHMENT,
                caption=caption,
                uploaded_by_id=actor.person_id,
                made_at=moment,
                **stage.keep_picture(caption, moment),
            )
            stage.db.add(row)
            stage.db.flush()
            found.append(Picture(row.id, part, caption))
    return found


def _change(played: Played, made: int) -> Iterator[datetime]:
    change, demo, db = played.demo.change, played.demo, played.stage.db
    if change is None:
        return
    moment = played.at(change.days_ago)
    yield moment
    wanted = Change(demo.what, demo.how, played.day(change.due))
    first = played.first()
    asked = service.propose_change(db, moment, first, made, wanted, change.reason)
    moment = played.at(change.days_ago)
    yield moment
    service.decide(db, moment, played.second(first), asked.id, change.agreed, "请补充说明。")


def _day_over(played: Played, days_ago: int) -> Iterator[datetime]:
    moment = datetime.combine(played.day(-days_ago), time(0, 5), zone_of(played.stage.db))
    yield moment
    deadlines.sweep(played.stage.db, moment)


def _end(played: Played, made: int) -> Iterator[datetime]:
    end, db = played.demo.end, played.stage.db
    if end is None:
        return
    moment = played.at(end.days_ago)
    yield moment
    role = "unit_head" if end.wish == Wish.RELEASED else "official"
    first = played.first(role) if end.by == "unit" else played.second(played.first())
    asked = service.propose_end(db, moment, first, made, Wish(end.wish), end.reason)
    if not end.agreed:
        return
    moment = played.at(end.days_ago)
    yield moment
    service.decide(db, moment, played.second(first), asked.id, True)
