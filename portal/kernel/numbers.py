"""Numbers that are given once and never change: public references, receipts, document numbers.

A counter is a row, read and raised in the transaction that uses the number, so no number is lost to a
rollback or given twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kernel.db import Base
from portal.kernel.series import Series


class NumberSeries(Base):
    """A yearly counter. `pattern` is the series' own wording, e.g. `平会厅交〔{year}〕{n}号`."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    pattern: Mapped[str] = mapped_column(String(80))


class NumberCounter(Base):
    """The last number given in a series and year."""

    __tablename__ = "number_counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


@dataclass(frozen=True)
class Declared:
    """A series whose wording is the office's: its label (message id) and the wording until it is changed."""

    label: str
    pattern: str


_declared: dict[str, Declared] = {}


def declare(name: str, label: str, pattern: str) -> None:
    """Declare a series of document numbers, at import; administrators then find it on their page."""
    _declared[name] = Declared(label, pattern)


def declared() -> Mapping[str, Declared]:
    """The declared series, by name."""
    return MappingProxyType(_declared)


def take(db: Session, name: str, year: int, count: int = 1) -> int:
    """Take `count` numbers of a series; returns the first of them."""
    # One statement, so that two who take the first number of a year cannot collide.
    last: int = db.execute(
        text(
            "INSERT INTO number_counter (name, year, last) VALUES (:name, :year, :count) "
            "ON CONFLICT (name, year) DO UPDATE SET last = number_counter.last + excluded.last "
            "RETURNING last"
        ),
        {"name": name, "year": year, "count": count},
    ).scalar_one()
    return last - count + 1


def take_document_number(db: Session, name: str, year: int, default_pattern: str) -> str:
    """The next document number of a series, in the wording the office gave it."""
    return take_document_numbers(db, name, year, default_pattern, 1)[0]


def take_document_numbers(db: Session, name: str, year: int, default_pattern: str, count: int) -> list[str]:
    """So many document numbers in a row."""
    pattern = db.scalar(select(NumberSeries.pattern).where(NumberSeries.name == name)) or default_pattern
    first = take(db, name, year, count)
    return [Series(pattern).write(year, n) for n in range(first, first + count)]
