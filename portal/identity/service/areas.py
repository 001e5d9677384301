"""Areas: added, renamed, moved, switched off."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity import rules
from portal.identity.actors import Actor
from portal.identity.models import Area
from portal.identity.policy import require
from portal.identity.service.record import note
from portal.identity.service.trees import free_code, require_no_circle
from portal.kernel import ranks, seen
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_

EDITED = ("name", "name_en", "parent_id", "active")


def add_area(
    db: Session,
    now: datetime,
    actor: Actor,
    *,
    code: str,
    name: str,
    name_en: str = "",
    parent_id: int | None = None,
    sort: int | None = None,
    active: bool = True,
) -> Area:
    """Add an area; without a place of its own it comes last."""
    require(actor, "area.manage")
    if parent_id is not None and db.get(Area, parent_id) is None:
        raise Invalid("no_parent", N_("There is nothing with this code to stand below."), field="parent")
    area = Area(
        code=free_code(db, Area, code),
        name=rules.required_name(name, 80),
        name_en=name_en,
        parent_id=parent_id,
        sort=ranks.last(db, Area.sort) if sort is None else sort,
        active=active,
    )
    db.add(area)
    db.flush()
    note(db, now, actor, "area.added", "area", area.id)
    return area


def change_area(
    db: Session,
    now: datetime,
    actor: Actor,
    area_id: int,
    *,
    name: str,
    name_en: str,
    parent_id: int | None,
    active: bool,
    sort: int | None = None,
    seen_mark: str | None = None,
) -> str:
    """Change an area; what lies in it keeps it. One that is switched off is no longer offered."""
    require(actor, "area.manage")
    area = _to_change(db, area_id)
    seen.require_unchanged(area, EDITED, seen_mark)
    if parent_id != area.parent_id:
        require_no_circle(db, Area, area_id, parent_id)
    changed = seen.put(
        area,
        name=rules.required_name(name, 80),
        name_en=name_en,
        parent_id=parent_id,
        active=active,
        sort=area.sort if sort is None else sort,
    )
    if changed:
        note(db, now, actor, "area.changed", "area", area_id, what=changed)
    return changed


def move_area(db: Session, now: datetime, actor: Actor, area_id: int, *, up: bool) -> None:
    """Let an area change places with its neighbour under the same parent."""
    require(actor, "area.manage")
    area = _to_change(db, area_id)
    beside = Area.parent_id.is_(None) if area.parent_id is None else Area.parent_id == area.parent_id
    rows = db.scalars(select(Area).where(beside).order_by(Area.sort, Area.id)).all()
    if ranks.move(rows, area, up=up):
        note(db, now, actor, "area.changed", "area", area_id, what="sort")


def _to_change(db: Session, area_id: int) -> Area:
    area = db.get(Area, area_id, with_for_update=True)
    if area is None:
        raise NotFound("no_area", N_("There is no such area."))
    return area
