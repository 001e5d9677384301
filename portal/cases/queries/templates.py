"""Reply templates: those one may start from, and those one may edit."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from portal.cases.models import Category, ReplyTemplate
from portal.cases.queries.rows import name, rows
from portal.identity.actors import Actor
from portal.identity.models import Unit


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A reply to start from."""

    id: int
    name: str
    body: str
    unit_id: int | None
    unit: str
    category_id: int | None
    category: str
    active: bool


_ALL = (
    select(
        ReplyTemplate.id,
        ReplyTemplate.name,
        ReplyTemplate.body,
        ReplyTemplate.unit_id,
        name(Unit.short_name).label("unit"),
        ReplyTemplate.category_id,
        name(Category.name).label("category"),
        ReplyTemplate.active,
    )
    .outerjoin(Unit, Unit.id == ReplyTemplate.unit_id)
    .outerjoin(Category, Category.id == ReplyTemplate.category_id)
    .order_by(ReplyTemplate.name, ReplyTemplate.id)
)


def _reached(units: Iterable[int] | None) -> ColumnElement[bool]:
    """For everybody, or for one of these units."""
    if units is None:
        return true()
    return or_(ReplyTemplate.unit_id.is_(None), ReplyTemplate.unit_id.in_(sorted(units)))


def all_templates(db: Session, actor: Actor) -> list[TemplateRow]:
    """Every template the actor can use, in use or not."""
    return rows(db, _ALL.where(_reached(actor.reach("template.use"))), TemplateRow)


def templates_for(db: Session, actor: Actor, category_id: int | None) -> list[TemplateRow]:
    """Templates to start a reply from, those of the case's category first."""
    usable = _reached(actor.reach("template.use"))
    fitting = or_(ReplyTemplate.category_id.is_(None), ReplyTemplate.category_id == category_id)
    found = rows(db, _ALL.where(ReplyTemplate.active, usable, fitting), TemplateRow)
    return sorted(found, key=lambda row: row.category_id is None)


def template_body(db: Session, actor: Actor, template_id: int) -> str:
    """Its text, or nothing if the actor cannot use it."""
    usable = _reached(actor.reach("template.use"))
    return (
        db.scalar(
            select(ReplyTemplate.body).where(ReplyTemplate.id == template_id, ReplyTemplate.active, usable)
        )
        or ""
    )
