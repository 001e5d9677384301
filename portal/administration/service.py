"""Use cases about categories, channels, the wording of document numbers, and what runs by the clock.

Categories and channels are never deleted: one that is switched off is no longer offered, and what has it
keeps it. People, units and areas are in `portal.identity.service`.
"""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Category, Channel
from portal.identity import rules
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.identity.service import note
from portal.kernel import jobs, numbers, ranks, seen
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.series import Series
from portal.kernel.words import N_

Listed = TypeVar("Listed", Category, Channel)
CATEGORY_EDITED = ("name", "name_en", "description", "active")
CHANNEL_EDITED = ("name", "name_en", "kind", "staff_only", "active")
PUBLIC_FORM = "web"
"""The code of the channel that the public form files through."""
CHANNEL_KINDS = {
    "online": N_("Online"),
    "phone": N_("By phone"),
    "paper": N_("On paper"),
    "visit": N_("In person"),
    "system": N_("From another system"),
}


def add_category(
    db: Session,
    now: datetime,
    actor: Actor,
    *,
    code: str,
    name: str,
    name_en: str = "",
    description: str = "",
    active: bool = True,
    sort: int | None = None,
) -> Category:
    """Add a category; without a place of its own it comes last."""
    require(actor, "category.manage")
    category = Category(
        code=_free_code(db, Category, code),
        name=_required(name),
        name_en=name_en,
        description=description,
        active=active,
        sort=ranks.last(db, Category.sort) if sort is None else sort,
    )
    db.add(category)
    db.flush()
    note(db, now, actor, "category.added", "category", category.id)
    return category


def change_category(
    db: Session,
    now: datetime,
    actor: Actor,
    category_id: int,
    *,
    name: str,
    name_en: str,
    description: str,
    active: bool,
    sort: int | None = None,
    seen_mark: str | None = None,
) -> str:
    """Rename a category or switch it off or on; returns the names of what changed."""
    require(actor, "category.manage")
    category = _to_change(db, Category, category_id)
    seen.require_unchanged(category, CATEGORY_EDITED, seen_mark)
    changed = seen.put(
        category,
        name=_required(name),
        name_en=name_en,
        description=description,
        active=active,
        sort=category.sort if sort is None else sort,
    )
    if changed:
        note(db, now, actor, "category.changed", "category", category_id, what=changed)
    return changed


def move_category(db: Session, now: datetime, actor: Actor, category_id: int, *, up: bool) -> None:
    """Let a category change places with its neighbour."""
    require(actor, "category.manage")
    if _move(db, Category, category_id, up):
        note(db, now, actor, "category.changed", "category", category_id, what="sort")


def add_channel(
    db: Session,
    now: datetime,
    actor: Actor,
    *,
    code: str,
    name: str,
    name_en: str = "",
    kind: str = "online",
    staff_only: bool = True,
    active: bool = True,
    sort: int | None = None,
) -> Channel:
    """Add a channel; without a place of its own it comes last."""
    require(actor, "channel.manage")
    channel = Channel(
        code=_free_code(db, Channel, code),
        name=_required(name),
        name_en=name_en,
        kind=_known_kind(kind),
        staff_only=staff_only,
        active=active,
        sort=ranks.last(db, Channel.sort) if sort is None else sort,
    )
    db.add(channel)
    db.flush()
    note(db, now, actor, "channel.added", "channel", channel.id)
    return channel


def change_channel(
    db: Session,
    now: datetime,
    actor: Actor,
    channel_id: int,
    *,
    name: str,
    name_en: str,
    kind: str,
    staff_only: bool,
    active: bool,
    sort: int | None = None,
    seen_mark: str | None = None,
) -> str:
    """Rename a channel, change who may file through it, or switch it off or on."""
    require(actor, "channel.manage")
    channel = _to_change(db, Channel, channel_id)
    if channel.code == PUBLIC_FORM and (staff_only or not active):
        raise Refused(
            "public_form", N_("The public form files through this channel: it stays in use for everybody.")
        )
    seen.require_unchanged(channel, CHANNEL_EDITED, seen_mark)
    changed = seen.put(
        channel,
        name=_required(name),
        name_en=name_en,
        kind=_known_kind(kind),
        staff_only=staff_only,
        active=active,
        sort=channel.sort if sort is None else sort,
    )
    if changed:
        note(db, now, actor, "channel.changed", "channel", channel_id, what=changed)
    return changed


def move_channel(db: Session, now: datetime, actor: Actor, channel_id: int, *, up: bool) -> None:
    """Let a channel change places with its neighbour."""
    require(actor, "channel.manage")
    if _move(db, Channel, channel_id, up):
        note(db, now, actor, "channel.changed", "channel", channel_id, what="sort")


def word_series(db: Session, now: datetime, actor: Actor, name: str, pattern: str) -> None:
    """Give a document number series other words, from its next number on; numbers given stay as they are.

    Two series of the same wording would give the same number twice.
    """
    require(actor, "number.manage")
    known = numbers.declared()
    if name not in known:
        raise NotFound("no_series", N_("There is no such series."))
    wording = Series(pattern.strip()).pattern
    others = [other for other in worded(db).items() if other[0] != name]
    if any(Series(used).write(2026, 1) == Series(wording).write(2026, 1) for _, used in others):
        raise Invalid("wording_taken", N_("Another series has this wording."), field="pattern")
    row = db.get(numbers.NumberSeries, name, with_for_update=True)
    if row is None:
        row = numbers.NumberSeries(name=name, pattern=known[name].pattern)
        db.add(row)
    if seen.put(row, pattern=wording):
        note(db, now, actor, "series.worded", "series", None, what=name)


def worded(db: Session) -> dict[str, str]:
    """Every series with its present wording."""
    own = {row.name: row.pattern for row in db.scalars(select(numbers.NumberSeries))}
    return {name: own.get(name, series.pattern) for name, series in numbers.declared().items()}


def _known_kind(kind: str) -> str:
    if kind not in CHANNEL_KINDS:
        raise Invalid(
            "no_kind",
            N_("The kind is one of these: %(kinds)s."),
            field="kind",
            kinds=", ".join(CHANNEL_KINDS),
        )
    return kind


def _required(name: str) -> str:
    return rules.required_name(name, 80)


def _free_code(db: Session, table: type[Category] | type[Channel], typed: str) -> str:
    code = rules.code(typed)
    if db.scalar(select(table.id).where(table.code == code)) is not None:
        raise Invalid("code_taken", N_("The code %(taken)s is taken."), field="code", taken=code)
    return code


def _to_change(db: Session, table: type[Listed], row_id: int) -> Listed:
    row = db.get(table, row_id, with_for_update=True)
    if row is None:
        raise NotFound("no_row", N_("There is no such entry."))
    return row


def _move(db: Session, table: type[Listed], row_id: int, up: bool) -> bool:
    row = _to_change(db, table, row_id)
    rows = db.scalars(select(table).order_by(table.sort, table.id)).all()
    return ranks.move(rows, row, up=up)


def hurry_job(db: Session, now: datetime, actor: Actor, name: str) -> None:
    """Let a job run at the next turn of the timetable, and keep on record who did."""
    require(actor, "jobs.see")
    if name not in {job.name for job in jobs.known()}:
        raise NotFound("no_job", N_("There is no such job."))
    jobs.hurry(db, name, now)
    note(db, now, actor, "job.hurried", "job", 0, what=name)
