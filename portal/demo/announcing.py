"""Plays the demonstration's notices through the services: written, proposed, released by a second person."""

from datetime import datetime, time, timedelta

from portal.demo.dates import fill
from portal.demo.story import Stage
from portal.demo.town import DemoNotice
from portal.kernel.db import zone_of
from portal.notices import service
from portal.notices.service import Words

_AT = time(9, 30)


def announce(stage: Stage) -> None:
    """The oldest first, so that numbers follow the days."""
    numbers: dict[str, int] = {}
    for demo in sorted(stage.city.notices.values(), key=lambda demo: -demo.days_ago):
        numbers[demo.key] = _play(stage, demo, numbers.get(demo.corrects))


def _play(stage: Stage, demo: DemoNotice, corrects: int | None) -> int:
    db = stage.db
    author, approver = stage.company.actor(demo.author), stage.company.actor(demo.approver)
    at = _moment(stage, demo)
    written = min(at - timedelta(hours=20), stage.now - timedelta(hours=1))
    day = at.astimezone(zone_of(db)).date()
    words = Words(demo.kind, fill(demo.title, day), fill(demo.body, day))
    notice = service.draft(db, written, author, words, corrects_id=corrects)
    if demo.state == "draft":
        return notice.id
    service.propose(db, written, author, notice.id)
    if demo.state == "proposed":
        return notice.id
    if demo.state == "scheduled":
        service.approve(
            db, stage.now, approver, notice.id, publish_at=at, version=notice.version, checked=True
        )
        return notice.id
    service.approve(db, at, approver, notice.id, version=notice.version, checked=True)
    if demo.state == "withdrawn":
        service.withdraw(db, at + timedelta(hours=3), approver, notice.id, demo.because)
    return notice.id


def _moment(stage: Stage, demo: DemoNotice) -> datetime:
    """Half past nine of its day, and never later today than now."""
    zone = zone_of(stage.db)
    day = stage.now.astimezone(zone).date() - timedelta(days=demo.days_ago)
    at = datetime.combine(day, _AT, zone)
    return at if demo.days_ago < 0 else min(at, stage.now - timedelta(hours=4))
