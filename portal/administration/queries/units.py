"""Units as a tree and one by one; areas as a tree."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.workflow import CaseState
from portal.identity.models import Appointment, Area, Person, Unit
from portal.identity.queries import below, holds_on, unit_children, valid_units
from portal.kernel.errors import NotFound
from portal.kernel.words import N_

INDENT = "\u3000"
PEOPLE_SHOWN = 30


@dataclass
class Branch:
    """A unit or an area with what stands below it."""

    id: int
    code: str
    name: str
    name_en: str
    is_on: bool
    handles_cases: bool = True
    valid_to: date | None = None
    people: int = 0
    is_first: bool = False
    is_last: bool = False
    below: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True)
class UnitPeople:
    """Who is appointed in a unit, as far as shown, and how many there are."""

    rows: tuple[tuple[int, str, str], ...]
    count: int


def unit_tree(db: Session, today: date, *, ended: bool) -> list[Branch]:
    """Every unit in its place; ended ones only when asked for. Two statements."""
    held = select(Appointment.unit_id, func.count()).where(holds_on(today)).group_by(Appointment.unit_id)
    people: dict[int | None, int] = {row[0]: row[1] for row in db.execute(held)}
    rows = db.scalars(select(Unit).order_by(Unit.sort, Unit.code)).all()
    shown = [row for row in rows if ended or row.valid_to is None or row.valid_to >= today]
    return _grown(
        shown,
        lambda unit: Branch(
            unit.id,
            unit.code,
            unit.name,
            unit.name_en,
            unit.valid_to is None or unit.valid_to >= today,
            unit.handles_cases,
            unit.valid_to,
            people.get(unit.id, 0),
        ),
    )


def area_tree(db: Session) -> list[Branch]:
    """Every area in its place, switched off or not."""
    rows = db.scalars(select(Area).order_by(Area.sort, Area.id)).all()
    return _grown(rows, lambda area: Branch(area.id, area.code, area.name, area.name_en, area.active))


def _grown(rows: Iterable[Any], branch: Callable[[Any], Branch]) -> list[Branch]:
    """Rows as a tree. What stands below something that is not shown stands at the top."""
    kept = list(rows)
    branches = {row.id: branch(row) for row in kept}
    top: list[Branch] = []
    for row in kept:
        above = branches.get(row.parent_id)
        (above.below if above else top).append(branches[row.id])
    for siblings in [top, *(branch.below for branch in branches.values())]:
        if siblings:
            siblings[0].is_first = siblings[-1].is_last = True
    return top


def matching(tree: list[Branch], words: str) -> list[Branch]:
    """The branches, without their own branches, whose name or code holds these words."""
    wanted = words.casefold()
    found: list[Branch] = []
    for branch in tree:
        if any(wanted in text.casefold() for text in (branch.name, branch.code, branch.name_en)):
            found.append(branch)
        found += matching(branch.below, words)
    return found


def unit_choices(db: Session, today: date, *, besides: int | None = None) -> list[tuple[str, str]]:
    """Units that exist, for a select: those below others are moved in. Without `besides` and what is below it."""
    units = valid_units(db, today)
    left_out = below(unit_children(db), besides) if besides is not None else frozenset()
    tree = _grown(
        [unit for unit in units if unit.id not in left_out],
        lambda unit: Branch(unit.id, unit.code, unit.short_name, "", True),
    )
    return list(_flat(tree, 0))


def area_choices(db: Session, *, besides: int | None = None) -> list[tuple[str, str]]:
    """Areas for a select, without one and what is below it."""
    return list(_flat(area_tree(db), 0, besides))


def _flat(tree: list[Branch], depth: int, besides: int | None = None) -> Iterable[tuple[str, str]]:
    for branch in tree:
        if branch.id != besides:
            yield str(branch.id), INDENT * depth + branch.name
            yield from _flat(branch.below, depth + 1, besides)


def unit(db: Session, unit_id: int) -> Unit:
    """The unit, or `NotFound`."""
    found = db.get(Unit, unit_id)
    if found is None:
        raise NotFound("no_unit", N_("There is no such unit."))
    return found


def open_cases(db: Session, unit_id: int) -> int:
    """How many cases this unit leads that have not ended."""
    states = [state.value for state in CaseState if state.is_open]
    open_ones = select(func.count()).where(Case.lead_unit_id == unit_id, Case.state.in_(states))
    return db.scalar(open_ones) or 0


def people_of(db: Session, today: date, unit_id: int) -> UnitPeople:
    """Who is appointed in this very unit today."""
    held = (
        select(Person.id, Person.name, Appointment.role)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.unit_id == unit_id, holds_on(today), Person.disabled_at.is_(None))
    )
    count = db.scalar(select(func.count()).select_from(held.subquery())) or 0
    rows = db.execute(held.order_by(Appointment.id).limit(PEOPLE_SHOWN))
    return UnitPeople(tuple((row.id, row.name, row.role) for row in rows), count)
