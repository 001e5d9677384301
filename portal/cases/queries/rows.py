"""Rows made from statements, for the reads of one case."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import Session

Row = TypeVar("Row")


def rows(db: Session, statement: Select[*tuple[Any, ...]], made: Callable[..., Row]) -> list[Row]:
    """A frozen row for each row; the columns are named after its fields."""
    return [made(**row._mapping) for row in db.execute(statement)]


def first(db: Session, statement: Select[*tuple[Any, ...]], made: Callable[..., Row]) -> Row | None:
    """The first row, if there is one."""
    row = db.execute(statement).first()
    return made(**row._mapping) if row else None


def name(column: Any) -> ColumnElement[str]:
    """A name from a table that may have no row here: empty then."""
    return func.coalesce(column, "")
