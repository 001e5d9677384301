"""Plays the demonstration's outcomes through the services: written, proposed, released by a second person."""

from datetime import datetime, time, timedelta

from portal.demo.dates import fill
from portal.demo.story import Stage
from portal.demo.town import DemoOutcome
from portal.kernel.db import zone_of
from portal.outcomes import service
from portal.outcomes.service import Words

_AT = time(10, 0)


def harvest(stage: Stage) -> None:
    """The oldest first, so that numbers follow the days."""
    numbers: dict[str, int] = {}
    for demo in sorted(stage.city.outcomes.values(), key=lambda demo: -demo.days_ago):
        numbers[demo.key] = _play(stage, demo, numbers.get(demo.corrects))


def _play(stage: Stage, demo: DemoOutcome, corrects: int | None) -> int:
    db = stage.db
    author, approver = stage.company.actor(demo.author), stage.company.actor(demo.approver)
    at = _moment(stage, demo)
    written = at - timedelta(hours=20)
    day = at.astimezone(zone_of(db)).date()
    words = Words(
        demo.kind,
        fill(demo.title, day),
        fill(demo.body, day),
        stage.ids.units[demo.unit],
        day + timedelta(days=demo.in_effect),
        demo.document_no.replace("{year}", str(day.year)),
        " ".join(stage.filed[key].ref for key in demo.cases),
    )
    outcome = service.draft(db, written, author, words, corrects_id=corrects)
    if demo.state == "draft" and not demo.because:
        return outcome.id
    service.propose(db, written, author, outcome.id)
    if demo.state == "draft":
        service.send_back(db, at, approver, outcome.id, demo.because)
    if demo.state in ("draft", "proposed"):
        return outcome.id
    service.approve(db, at, approver, outcome.id, version=outcome.version, checked=True)
    if demo.state == "withdrawn":
        service.withdraw(db, at + timedelta(hours=3), approver, outcome.id, demo.because)
    return outcome.id


def _moment(stage: Stage, demo: DemoOutcome) -> datetime:
    """Ten o'clock of its day, and never later today than now."""
    zone = zone_of(stage.db)
    day = stage.now.astimezone(zone).date() - timedelta(days=demo.days_ago)
    return min(datetime.combine(day, _AT, zone), stage.now - timedelta(hours=4))
