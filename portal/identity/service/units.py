"""Units: added, changed, moved, ended with a successor, never deleted."""

import re
from datetime import date, datetime
from itertools import count

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.identity import rules
from portal.identity.actors import Actor
from portal.identity.models import Unit
from portal.identity.policy import require
from portal.identity.service.record import note
from portal.identity.service.trees import free_code, require_no_circle
from portal.kernel import seen
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_

EDITED = (
    "name",
    "short_name",
    "name_en",
    "slug",
    "parent_id",
    "duties",
    "phone",
    "handles_cases",
    "sort",
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONG_AGO = date(2000, 1, 1)


def add_unit(
    db: Session,
    now: datetime,
    actor: Actor,
    *,
    code: str,
    name: str,
    short_name: str = "",
    name_en: str = "",
    slug: str = "",
    parent_id: int | None = None,
    duties: str = "",
    phone: str = "",
    handles_cases: bool = True,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
    sort: int = 0,
) -> Unit:
    """Add a unit to the tree; its code and slug are its own for ever."""
    require(actor, "unit.manage")
    if parent_id is not None:
        _require_parent(db, parent_id)
    full = rules.required_name(name, 120)
    unit = Unit(
        code=free_code(db, Unit, code),
        name=full,
        short_name=short_name.strip() or full[:60],
        name_en=name_en,
        slug=_free_slug(db, slug, short_name.strip() or full, None),
        parent_id=parent_id,
        duties=duties,
        phone=phone,
        handles_cases=handles_cases,
        valid_from=valid_from,
        valid_to=valid_to,
        sort=sort,
    )
    db.add(unit)
    db.flush()
    note(db, now, actor, "unit.added", "unit", unit.id)
    return unit


def change_unit(
    db: Session,
    now: datetime,
    actor: Actor,
    unit_id: int,
    *,
    name: str,
    short_name: str,
    name_en: str,
    slug: str,
    parent_id: int | None,
    duties: str,
    phone: str,
    handles_cases: bool,
    sort: int,
    seen_mark: str | None = None,
) -> str:
    """Change a unit or move it in the tree, with everything below it; returns the names of what changed."""
    require(actor, "unit.manage")
    unit = _to_change(db, unit_id)
    seen.require_unchanged(unit, EDITED, seen_mark)
    if parent_id != unit.parent_id:
        require_no_circle(db, Unit, unit_id, parent_id)
        if parent_id is not None:
            _require_parent(db, parent_id)
    full = rules.required_name(name, 120)
    changed = seen.put(
        unit,
        name=full,
        short_name=short_name.strip() or full[:60],
        name_en=name_en,
        slug=_free_slug(db, slug or unit.slug, full, unit_id),
        parent_id=parent_id,
        duties=duties,
        phone=phone,
        handles_cases=handles_cases,
        sort=sort,
    )
    if changed:
        note(db, now, actor, "unit.changed", "unit", unit_id, what=changed)
    return changed


def end_unit(
    db: Session, now: datetime, actor: Actor, unit_id: int, last_day: date, successor_id: int | None
) -> None:
    """End a unit after its last day. What stands below it must have been moved or ended by then; its cases,
    numbers and history stay under its name, and its page points to the successor."""
    require(actor, "unit.manage")
    unit = _to_change(db, unit_id)
    if last_day < unit.valid_from:
        raise Invalid("ends_before_start", N_("The last day is before the first."), field="last_day")
    below = select(Unit.id).where(
        Unit.parent_id == unit_id, or_(Unit.valid_to.is_(None), Unit.valid_to > last_day)
    )
    if db.scalar(below.limit(1)) is not None:
        raise Invalid(
            "units_below", N_("Units still stand below this one. Move or end them first."), field="last_day"
        )
    if successor_id is not None:
        _require_successor(db, unit_id, successor_id, last_day)
    if seen.put(unit, valid_to=last_day, successor_id=successor_id):
        note(db, now, actor, "unit.ended", "unit", unit_id, part_id=successor_id)


def keep_unit(db: Session, now: datetime, actor: Actor, unit_id: int) -> None:
    """Take the end of a unit back."""
    require(actor, "unit.manage")
    unit = _to_change(db, unit_id)
    if seen.put(unit, valid_to=None, successor_id=None):
        note(db, now, actor, "unit.kept", "unit", unit_id)


def _to_change(db: Session, unit_id: int) -> Unit:
    unit = db.get(Unit, unit_id, with_for_update=True)
    if unit is None:
        raise NotFound("no_unit", N_("There is no such unit."))
    return unit


def _require_parent(db: Session, parent_id: int) -> None:
    parent = db.get(Unit, parent_id)
    if parent is None:
        raise Invalid("no_unit", N_("There is no such unit."), field="parent")
    if parent.valid_to is not None:
        raise Invalid("unit_ended", N_("This unit has ended by then."), field="parent")


def _require_successor(db: Session, unit_id: int, successor_id: int, last_day: date) -> None:
    """A unit that lives on, and does not lead back here."""
    next_id: int | None = successor_id
    while next_id is not None:
        unit = db.get(Unit, next_id)
        if unit is None or next_id == unit_id:
            raise Invalid("no_successor", N_("Choose another unit that carries on."), field="successor")
        next_id = unit.successor_id
        if unit.id == successor_id and unit.valid_to is not None and unit.valid_to <= last_day:
            raise Invalid("unit_ended", N_("This unit has ended by then."), field="successor")


def _free_slug(db: Session, wanted: str, name: str, unit_id: int | None) -> str:
    """The address's last part: as wanted if it is free, else made from the name's sound."""
    taken = select(Unit.id).where(Unit.id != unit_id) if unit_id is not None else select(Unit.id)
    if wanted:
        if not _SLUG.fullmatch(wanted) or len(wanted) > 80:
            raise Invalid(
                "slug_shape", N_("An address has small letters, digits and single dashes only."), field="slug"
            )
        if db.scalar(taken.where(Unit.slug == wanted)) is not None:
            raise Invalid("slug_taken", N_("Another unit has this address."), field="slug")
        return wanted
    base = _sounded(name)
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        if db.scalar(taken.where(Unit.slug == slug)) is None:
            return slug
    raise AssertionError


def _sounded(name: str) -> str:
    from pypinyin import lazy_pinyin  # loads a dictionary

    sounds = re.sub(r"[^a-z0-9]+", "-", "-".join(lazy_pinyin(name)).lower()).strip("-")
    return sounds[:70].strip("-") or "unit"
