"""The public list of cases: one statement for a page of it and its capped count.

Statements are written once per shape and kept. Nothing here grows with the table: a single facet is an
index range, several facets, words and periods are one question to the search index, which walks its
row numbers newest first; the count stops at 1,000.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, TextClause, TextualSelect, bindparam, select, text
from sqlalchemy.orm import Session

from portal.kernel.pairs import fts5_query, tsquery
from portal.publishing.models import PublicCount, PublishedCase
from portal.publishing.queries.choices import Choices
from portal.publishing.rules import (
    CLOSED,
    MOST_COUNTED,
    OVERDUE,
    PAGE,
    CaseFilter,
    facet_term,
    period_terms,
    searchable,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHOWN = (
    "id",
    "ref",
    "lang",
    "title",
    "state",
    "outcome",
    "tier",
    "unit_id",
    "unit_name",
    "askers",
    "rated",
    "satisfied",
    "closed_at",
    "due_day",
    "workdays_used",
    "workdays_limit",
)
_TYPED = tuple(PublishedCase.__table__.c[name] for name in _SHOWN)
_BOUND = {
    "moment": bindparam("moment", type_=PublishedCase.__table__.c.closed_at.type),
    "today": bindparam("today", type_=PublishedCase.__table__.c.due_day.type),
}
_FIGURE = select(PublicCount.value).where(PublicCount.name == bindparam("name"))
_COLUMNS = ", ".join(f"p.{name}" for name in _SHOWN)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list."""

    rows: Sequence[Row[Any]]
    total: int
    """How many there are; `MOST_COUNTED` + 1 means more than can be told cheaply."""
    next: tuple[int, int] | None
    among: bool = False
    """Sorted by closing among the newest `MOST_COUNTED` only."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a statement looks like, whatever the values are."""

    facet: str = ""
    indexed: bool = False
    overdue: bool = False
    closed: bool = False
    after: bool = False


def find(db: Session, asked: CaseFilter, choices: Choices, today: date, limit: int = PAGE) -> Listing:
    """The page of the list that was asked for."""
    dialect = db.get_bind().dialect.name
    facets = _facets(asked, choices)
    if facets is None:
        return Listing((), 0, None)
    shape, values = _shape(asked, facets, today, dialect)
    found = db.connection().execute(statement(shape, dialect), values | {"limit": limit + 1}).all()
    rows = found[:limit]
    total = found[0].total if found else (_count(db, shape, values, dialect) if asked.after else 0)
    further = _cursor(rows[-1], shape.closed) if len(found) > limit else None
    among = shape.closed and asked.is_chosen and total > MOST_COUNTED
    return Listing(rows, total, further, among)


def newest(db: Session, choices: Choices, today: date, limit: int, **facets: str) -> Sequence[Row[Any]]:
    """The newest cases under a facet, for the front page and a unit's page."""
    return find(db, CaseFilter(**facets), choices, today, limit).rows  # type: ignore[arg-type]


def counted(db: Session, name: str) -> int:
    """A figure of the front page: it counts what is not published too."""
    return db.scalar(_FIGURE, {"name": name}) or 0


def _count(db: Session, shape: _Shape, values: dict[str, Any], dialect: str) -> int:
    return int(db.execute(_counting(shape, dialect), values).scalar_one())


def _facets(asked: CaseFilter, choices: Choices) -> list[tuple[str, int | str]] | None:
    """The facets with their values as stored; None if one of them names nothing there is."""
    found: list[tuple[str, int | str]] = []
    for name in ("unit", "category", "area"):
        if slug := getattr(asked, name):
            number = choices.number(name, slug)
            if number is None:
                return None
            found.append((name, number))
    if asked.tier:
        found.append(("tier", asked.tier))
    if asked.outcome and asked.outcome != OVERDUE:
        found.append(("outcome", asked.outcome))
    return found


def _shape(
    asked: CaseFilter, facets: list[tuple[str, int | str]], today: date, dialect: str
) -> tuple[_Shape, dict[str, Any]]:
    closed, overdue = asked.sort == CLOSED, asked.outcome == OVERDUE
    words = asked.words if searchable(asked.words) else ""
    period = asked.since is not None or asked.until is not None
    plain = not words and not period and not any(name == "area" for name, _ in facets)
    values: dict[str, Any] = {"visible": True}
    if overdue:
        values["today"] = today
    if asked.after:
        values |= {"id": asked.after[1], "moment": _EPOCH + asked.after[0] * _MICROSECOND}
    after = asked.after is not None
    if plain and (not facets or (len(facets) == 1 and not closed)):
        if facets:
            values["facet"] = facets[0][1]
        return _Shape(facets[0][0] if facets else "", False, overdue, closed, after), values
    terms = [facet_term(name, value) for name, value in facets]
    if closed:
        terms.append(facet_term("is", CLOSED))
    values["words"] = _query(words, terms, _period(asked, today), dialect)
    return _Shape("", True, overdue, closed, after), values


def _period(asked: CaseFilter, today: date) -> tuple[str, ...]:
    if asked.since is None and asked.until is None:
        return ()
    return period_terms(asked.since, asked.until, today)


def _query(words: str, terms: list[str], period: tuple[str, ...], dialect: str) -> str:
    """Words and terms in the language of the engine's index. Terms are letters and digits only."""
    sqlite = dialect == "sqlite"
    conjunction, disjunction = (" AND ", " OR ") if sqlite else (" & ", " | ")
    parts = list(terms)
    if found := (fts5_query(words) if sqlite else tsquery(words)):
        parts.append(found)
    if period:
        parts.append(f"({disjunction.join(period)})")
    return conjunction.join(parts)


def _cursor(row: Row[Any], closed: bool) -> tuple[int, int]:
    return ((row.closed_at - _EPOCH) // _MICROSECOND if closed else 0, row.id)


@lru_cache(maxsize=256)
def statement(shape: _Shape, dialect: str) -> TextualSelect:
    """The statement of a shape: the page of rows, each with the count of all."""
    order = "p.closed_at DESC, p.id DESC" if shape.closed else "p.id DESC"
    conditions = [*_conditions(shape, dialect), *_place(shape)]
    count = _counted(shape, dialect)
    return _bound(
        f"SELECT {_COLUMNS}, ({count}) AS total FROM published_case p "
        f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :limit"
    ).columns(*_TYPED)


@lru_cache(maxsize=256)
def _counting(shape: _Shape, dialect: str) -> TextClause:
    return _bound(_counted(shape, dialect))


def _bound(sql: str) -> TextClause:
    """Moments and days are bound as the database keeps them."""
    return text(sql).bindparams(*(bound for name, bound in _BOUND.items() if f":{name}" in sql))


def _counted(shape: _Shape, dialect: str) -> str:
    if shape.indexed and not shape.overdue:
        inner = f"{_found(dialect)} LIMIT {MOST_COUNTED + 1}"
    else:
        conditions = " AND ".join(_conditions(shape, dialect, counting=True))
        inner = f"SELECT 1 FROM published_case p WHERE {conditions} LIMIT {MOST_COUNTED + 1}"
    return f"SELECT count(*) FROM ({inner}) counted"


def _conditions(shape: _Shape, dialect: str, counting: bool = False) -> Iterator[str]:
    yield "p.visible = :visible"
    if shape.facet:
        column = shape.facet if shape.facet in ("tier", "outcome") else f"{shape.facet}_id"
        yield f"p.{column} = :facet"
    if shape.overdue:
        # Few cases are late, so they are looked up first and sorted then.
        yield "p.id IN (SELECT id FROM published_case WHERE visible = :visible AND due_day < :today)"
    if shape.closed:
        yield "p.closed_at IS NOT NULL"
    if shape.indexed:
        yield f"p.id IN ({_walk(shape, dialect, counting)})"


def _walk(shape: _Shape, dialect: str, counting: bool) -> str:
    """The numbers the index finds, newest first, no more of them than are looked at."""
    if shape.overdue:
        return _found(dialect)
    if shape.closed or counting:
        return f"{_found(dialect)} ORDER BY rowid DESC LIMIT {MOST_COUNTED}"
    place = " AND rowid < :id" if shape.after else ""
    return f"{_found(dialect)}{place} ORDER BY rowid DESC LIMIT :limit"


def _place(shape: _Shape) -> Iterator[str]:
    """After the row where the page before ended; the index has already been told for its own walk."""
    if not shape.after:
        return
    if shape.closed:
        yield "(p.closed_at, p.id) < (:moment, :id)"
    else:
        yield "p.id < :id"


def _found(dialect: str) -> str:
    if dialect == "sqlite":
        return "SELECT rowid FROM published_search WHERE published_search MATCH :words"
    return "SELECT rowid FROM published_search WHERE pairs @@ to_tsquery('simple', :words)"
