"""Categories, channels and number series."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.administration import service
from portal.cases.models import Category, Channel
from portal.identity.models import Area
from portal.kernel import numbers
from portal.kernel.errors import NotFound
from portal.kernel.series import Series
from portal.kernel.words import N_

Listed = TypeVar("Listed", Area, Category, Channel)


@dataclass(frozen=True)
class SeriesRow:
    """A series: label (message id), wording, how many it gave this year, and the next number."""

    name: str
    label: str
    pattern: str
    given: int
    next_number: str


def entries(db: Session, table: type[Listed]) -> list[Listed]:
    """Every entry of a list, in the office's order."""
    return list(db.scalars(select(table).order_by(table.sort, table.id)))


def entry(db: Session, table: type[Listed], entry_id: int) -> Listed:
    """One entry, or `NotFound`."""
    found = db.get(table, entry_id)
    if found is None:
        raise NotFound("no_row", N_("There is no such entry."))
    return found


def series(db: Session, year: int) -> list[SeriesRow]:
    """Every declared series; two statements."""
    counters = select(numbers.NumberCounter.name, numbers.NumberCounter.last).where(
        numbers.NumberCounter.year == year
    )
    given: dict[str, int] = {row[0]: row[1] for row in db.execute(counters)}
    worded = service.worded(db)
    return [
        SeriesRow(
            name,
            known.label,
            worded[name],
            given.get(name, 0),
            Series(worded[name]).write(year, given.get(name, 0) + 1),
        )
        for name, known in numbers.declared().items()
    ]


def one_series(db: Session, year: int, name: str) -> SeriesRow:
    """One series, or `NotFound`."""
    for row in series(db, year):
        if row.name == name:
            return row
    raise NotFound("no_series", N_("There is no such series."))
