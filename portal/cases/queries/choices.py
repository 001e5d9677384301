"""Units, categories, areas and channels to choose from, read in one statement."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, Select, String, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from portal.cases.models import Category, Channel
from portal.identity.models import Area, Unit
from portal.identity.queries import below


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a tree or list: code for addresses, names for people."""

    id: int
    code: str
    name: str
    name_en: str
    parent_id: int | None
    usable: bool
    """Still in use: may be newly chosen."""
    handles: bool
    """For units: takes cases."""

    def named(self, locale: str) -> str:
        """The name in the reader's language."""
        return self.name_en if locale == "en" and self.name_en else self.name


@dataclass(frozen=True)
class Choices:
    """Everything a filter or form of the desk can choose from, in the office's order."""

    units: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    channels: tuple[Choice, ...]

    @cached_property
    def unit_by_id(self) -> dict[int, Choice]:
        return {unit.id: unit for unit in self.units}

    def units_below(self, code: str) -> frozenset[int]:
        """The unit with this code and all below it; empty for an unknown code."""
        return _below(self.units, code)

    def areas_below(self, code: str) -> frozenset[int]:
        """The area with this code and all below it."""
        return _below(self.areas, code)


def _below(rows: Iterable[Choice], code: str) -> frozenset[int]:
    children: dict[int, list[int]] = defaultdict(list)
    top = None
    for row in rows:
        if row.parent_id is not None:
            children[row.parent_id].append(row.id)
        if row.code == code:
            top = row.id
    return below(children, top) if top is not None else frozenset()


def choices(db: Session, day: date) -> Choices:
    """What can be chosen on `day`; ended units and closed lists are there too, marked as not usable."""
    statement = union_all(_units(day), _plain("category", Category), _areas(), _plain("channel", Channel))
    rows: dict[str, list[Choice]] = defaultdict(list)
    for row in sorted(db.execute(statement), key=lambda row: (row.sort, row.code)):
        rows[row.what].append(
            Choice(
                row.id, row.code, row.name, row.name_en, row.parent_id, bool(row.usable), bool(row.handles)
            )
        )
    return Choices(
        tuple(_as_tree(rows["unit"])),
        tuple(rows["category"]),
        tuple(_as_tree(rows["area"])),
        tuple(rows["channel"]),
    )


def _as_tree(rows: list[Choice]) -> list[Choice]:
    """Parents before their children, each level in the office's order."""
    known = {row.id for row in rows}
    children: dict[int | None, list[Choice]] = defaultdict(list)
    for row in rows:
        children[row.parent_id if row.parent_id in known else None].append(row)
    found: list[Choice] = []
    todo = list(reversed(children[None]))
    while todo:
        row = todo.pop()
        found.append(row)
        todo.extend(reversed(children[row.id]))
    return found


_no_parent = cast(null(), Integer).label("parent_id")
_yes = literal(1).label("handles")


def _what(name: str):  # type: ignore[no-untyped-def]
    return cast(literal(name), String(10)).label("what")


def _units(day: date) -> Select[*tuple[Any, ...]]:
    usable = (Unit.valid_from <= day) & or_(Unit.valid_to.is_(None), Unit.valid_to >= day)
    return select(
        _what("unit"),
        Unit.id.label("id"),
        Unit.code.label("code"),
        Unit.short_name.label("name"),
        Unit.name_en.label("name_en"),
        Unit.parent_id.label("parent_id"),
        cast(usable, Integer).label("usable"),
        cast(Unit.handles_cases, Integer).label("handles"),
        Unit.sort.label("sort"),
    )


def _areas() -> Select[*tuple[Any, ...]]:
    return select(
        _what("area"),
        Area.id,
        Area.code,
        Area.name,
        Area.name_en,
        Area.parent_id,
        cast(Area.active, Integer),
        _yes,
        Area.sort,
    )


def _plain(what: str, model: type[Category] | type[Channel]) -> Select[*tuple[Any, ...]]:
    return select(
        _what(what),
        model.id,
        model.code,
        model.name,
        model.name_en,
        _no_parent,
        cast(model.active, Integer),
        _yes,
        model.sort,
    )
