"""Plays one demonstration case through the services, as its people would have: file, screen, assign, …, rate.

A story is a generator: it yields the moment of its next step and takes the step when it is resumed, so that
the stories of a whole city run interleaved in the order of time, and numbers are given in that order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts.service import silence
from portal.cases import service
from portal.cases.models import Assignment, Case
from portal.cases.service import Contact, Filed, Filing
from portal.cases.texts import Attachment
from portal.cases.vocabulary import Tier
from portal.cases.workflow import CaseState
from portal.demo.casework import DemoCase, DemoReply
from portal.demo.company import Company
from portal.demo.content import DemoCity
from portal.demo.dates import fill
from portal.demo.founding import Ids
from portal.demo.times import Times
from portal.identity.actors import PUBLIC, Actor, asker
from portal.kernel.db import zone_of

Step = datetime
FRESH = timedelta(days=3)
KeepPicture = Callable[[str, datetime], dict[str, Any]]


@dataclass
class Stage:
    """What every story needs, and what has been filed so far."""

    db: Session
    now: datetime
    city: DemoCity
    ids: Ids
    company: Company
    keep_picture: KeepPicture
    publish: Callable[["Story"], Iterator[Step]]
    filed: dict[str, Filed] = field(default_factory=dict)

    def disturb(self, moment: datetime) -> None:
        """Only of the last days are people told: alerts of months ago would have been read."""
        silence(self.db, moment < self.now - FRESH)


@dataclass
class Story:
    """One case on its way."""

    stage: Stage
    demo: DemoCase
    times: Times
    at: datetime
    """The moment of the step that is being taken."""

    @property
    def db(self) -> Session:
        return self.stage.db

    @property
    def filed(self) -> Filed:
        return self.stage.filed[self.demo.key]

    @property
    def case_id(self) -> int:
        return self.filed.case_id

    @property
    def asker(self) -> Actor:
        return asker(self.filed.appeal_id)

    def office(self, but: Actor | None = None) -> Actor:
        """A moderator; `but` for the second person."""
        return self.stage.company.of("moderator", self.demo.key, but=but)

    def official(self, unit: str) -> Actor:
        """Who handles it in a unit."""
        return self.stage.company.of("official", self.demo.key, unit)

    def words(self, text: str) -> str:
        """A text with its dates filled in."""
        return fill(text, self.times.submitted).strip()

    def state(self) -> str:
        return self.db.get_one(Case, self.case_id).state


def tell(stage: Stage, demo: DemoCase) -> Iterator[Step]:
    """The whole story of a case, up to the state it stands in."""
    channel = stage.city.channels[demo.channel]
    times = Times(demo.key, demo.days_ago, stage.now, zone_of(stage.db), office_hours=channel.staff_only)
    story = Story(stage, demo, times, times.first)
    for chapter in (_file, _screen, _decide_intake, _assign, _work, stage.publish):
        for moment in chapter(story):
            yield moment
            story.at = moment
            stage.disturb(moment)


def _file(story: Story) -> Iterator[Step]:
    demo, ids, city = story.demo, story.stage.ids, story.stage.city
    yield story.times.first
    company = city.companies.get(demo.party)
    citizen = city.citizens.get(demo.party)
    contact = (
        Contact(company.contact, company.phone)
        if company
        else Contact(citizen.name, citizen.phone)
        if citizen
        else Contact()
    )
    filing = Filing(
        channel=demo.channel,
        kind=demo.kind,
        title=story.words(demo.title),
        body=story.words(demo.text),
        contact=contact,
        consent_to_publish=demo.consent,
        party_kind="company" if company else "person",
        credit_code=company.credit_code if company else None,
        company_name=company.name if company else "",
        category_id=ids.categories[demo.category],
        area_id=ids.areas[demo.area],
        place=story.words(demo.place),
        concerns=city.units[demo.concerns].name if demo.concerns else "",
        concerns_unit_id=ids.units.get(demo.concerns),
    )
    actor = story.office() if city.channels[demo.channel].staff_only else PUBLIC
    story.stage.filed[demo.key] = service.file_appeal(
        story.db, story.at, actor, filing, scope="demo", client_id=demo.key
    )


def _screen(story: Story) -> Iterator[Step]:
    demo, ids = story.demo, story.stage.ids
    if demo.withdrawal is not None and not demo.lead:
        yield story.times.day(demo.withdrawal.day)
        service.withdraw(story.db, story.at, story.asker, story.case_id, story.words(demo.withdrawal.reason))
        return
    if demo.state is CaseState.SUBMITTED:
        return
    yield story.times.soon(2.5)
    service.screen(
        story.db,
        story.at,
        story.office(),
        story.case_id,
        kind=demo.kind,
        category_id=ids.categories[demo.category],
        area_id=ids.areas[demo.area],
        tier=demo.tier,
    )


def _decide_intake(story: Story) -> Iterator[Step]:
    """Not taken up, objected to, or joined to another case."""
    demo, db = story.demo, story.db
    if demo.refusal is not None:
        yield story.times.day(demo.refusal.day)
        words = story.words(demo.refusal.text)
        service.not_accept(db, story.at, story.office(), story.case_id, demo.refusal.reason, words)
        if demo.refusal.objection:
            yield story.times.soon(26)
            service.object_to_refusal(
                db, story.at, story.asker, story.case_id, story.words(demo.refusal.objection)
            )
            if demo.state is not CaseState.NOT_ACCEPTED:
                yield story.times.soon(4)
                second = story.office(but=story.office())
                service.decide_refusal_objection(
                    db, story.at, second, story.case_id, True, "经复核，这件事属于我们的受理范围，重新受理。"
                )
    if demo.merged_into:
        yield story.times.soon(1)
        while demo.merged_into not in story.stage.filed:
            yield story.times.soon(8)
        into = story.stage.filed[demo.merged_into].case_id
        service.merge(db, story.at, story.office(), story.case_id, into, "同一件事，合并办理，编号继续有效。")


def _assign(story: Story) -> Iterator[Step]:
    demo, ids, db = story.demo, story.stage.ids, story.db
    if not demo.lead or CaseState(story.state()) is not CaseState.SCREENED:
        return
    yield story.times.soon(1)
    first = demo.objections[0].unit if demo.objections else demo.lead
    joint = demo.tier is Tier.JOINT
    supporting = [ids.units[code] for code in demo.supporting] if joint else []
    service.assign(
        db, story.at, story.office(), story.case_id, ids.units[first], supporting_unit_ids=supporting
    )
    for objection in demo.objections:
        yield story.times.day(objection.day)
        service.object_to_assignment(
            db,
            story.at,
            story.official(objection.unit),
            story.case_id,
            story.words(objection.reason),
            ids.units[objection.proposed],
        )
        if objection.upheld is None:
            return
        yield story.times.soon(3)
        goes_to = ids.units[objection.proposed] if objection.upheld else None
        service.decide_objection(
            db,
            story.at,
            story.office(),
            story.case_id,
            objection.upheld,
            story.words(objection.decision) or "按职责分工裁定。",
            unit_id=goes_to,
        )
    if demo.state is not CaseState.ASSIGNED:
        yield from _take_on(story)


def _take_on(story: Story) -> Iterator[Step]:
    """The unit accepts and begins, or the asker takes it back."""
    demo, db = story.demo, story.db
    if CaseState(story.state()) is CaseState.ASSIGNED:
        yield story.times.soon(5)
        service.accept(db, story.at, story.official(demo.lead), story.case_id)
    if demo.state is CaseState.ACCEPTED:
        return
    if demo.withdrawal is not None:
        yield story.times.day(demo.withdrawal.day)
        service.withdraw(db, story.at, story.asker, story.case_id, story.words(demo.withdrawal.reason))
        return
    yield story.times.soon(1)
    service.start(db, story.at, story.official(demo.lead), story.case_id)


def _work(story: Story) -> Iterator[Step]:
    """Everything between the start of work and the end, in the order of its days."""
    from portal.demo.work import episodes

    if CaseState(story.state()) is not CaseState.HANDLING:
        return
    for day, _, episode in sorted(episodes(story.demo), key=lambda found: found[:2]):
        yield story.times.day(day) if day is not None else story.times.soon(2)
        yield from episode(story)


def assignments(db: Session, case_id: int) -> dict[int, int]:
    """Live assignments of a case: unit → assignment."""
    rows = db.execute(
        select(Assignment.unit_id, Assignment.id).where(
            Assignment.case_id == case_id, Assignment.ended_at.is_(None)
        )
    )
    return {row.unit_id: row.id for row in rows}


def add_pictures(story: Story, reply: DemoReply, actor: Actor) -> None:
    """A drawn picture for the first piece of evidence: drawing takes time, and one shows how it looks."""
    ids = []
    for caption in reply.evidence[:1]:
        row = Attachment(
            kind="evidence",
            caption=caption[:200],
            uploaded_by_id=actor.person_id,
            made_at=story.at,
            **story.stage.keep_picture(caption, story.at),
        )
        story.db.add(row)
        story.db.flush()
        ids.append(row.id)
    if ids:
        service.add_evidence(story.db, story.at, actor, story.case_id, ids, list(reply.evidence[:1]))
