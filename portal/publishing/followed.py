"""What the public can follow by mail, by the name it has for the public, and what its followers are told."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.alerts import kinds
from portal.alerts.confirming import register_target
from portal.alerts.kinds import Kind, Told
from portal.alerts.rules import Group
from portal.identity.models import Unit
from portal.publishing.models import PublishedCase
from portal.publishing.queries import choices
from portal.publishing.service import telling
from portal.web.locale import current


def register() -> None:
    """Make targets and kinds known to the alerts."""
    register_target("case", case_name, case_path)
    register_target("unit", unit_name, unit_path)
    register_target("category", category_name, lambda db, number: _list("category", db, number))
    register_target("area", area_name, lambda db, number: _list("area", db, number))
    for code, template in (
        (telling.RELEASED, "publishing/told_released.txt"),
        (telling.CORRECTED, "publishing/told_corrected.txt"),
        (telling.MOVED, "publishing/told_moved.txt"),
    ):
        kinds.register(Kind(code, Group.FOLLOWED, template, load))


def load(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    """A case as the public may read it now; what was withdrawn is not told any more."""
    case = _case(db, told.subject_id)
    return {"case": case, "path": f"/cases/{case.ref}"} if case else None


def case_name(db: Session, number: int) -> str | None:
    """By its released title."""
    case = _case(db, number)
    return case.title if case else None


def case_path(db: Session, number: int) -> str | None:
    """Its page."""
    case = _case(db, number)
    return f"/cases/{case.ref}" if case else None


def unit_name(db: Session, number: int) -> str | None:
    """By its name in the reader's language."""
    return _name(db.get(Unit, number))


def unit_path(db: Session, number: int) -> str | None:
    """Its page."""
    unit = db.get(Unit, number)
    return f"/units/{unit.slug}" if unit else None


def category_name(db: Session, number: int) -> str | None:
    """By its name in the reader's language."""
    return _name(choices.load(db).category.get(number))


def area_name(db: Session, number: int) -> str | None:
    """By its name in the reader's language."""
    return _name(choices.load(db).area.get(number))


def _case(db: Session, number: int) -> PublishedCase | None:
    case = db.get(PublishedCase, number)
    return case if case is not None and case.visible else None


def _name(found: Any) -> str | None:
    if found is None:
        return None
    return str(found.name_en if current() == "en" and found.name_en else found.name)


def _list(facet: str, db: Session, number: int) -> str | None:
    found = choices.load(db).tree(facet).get(number)
    return f"/cases?{facet}={found.code}" if found else None
