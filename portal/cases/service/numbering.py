"""The numbers a case and an appeal are known by, and that of an assignment slip; yearly, local."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.numbers import declare, take, take_document_numbers
from portal.kernel.series import CASE, RECEIPT, Series
from portal.kernel.words import N_

SLIP = "平会厅交〔{year}〕{n}号"
declare("slip", N_("Assignment slip"), SLIP)


def case_ref(db: Session, now: datetime) -> str:
    """A case's public reference, e.g. `B26-04187`."""
    return case_refs(db, now, 1)[0]


def case_refs(db: Session, now: datetime, count: int) -> list[str]:
    """So many references in a row."""
    return _numbered(db, now, "case", CASE, count)


def receipt(db: Session, now: datetime) -> str:
    """An appeal's receipt number; says nothing about its case's reference."""
    return receipts(db, now, 1)[0]


def receipts(db: Session, now: datetime, count: int) -> list[str]:
    """So many receipt numbers in a row."""
    return _numbered(db, now, "receipt", RECEIPT, count)


def _numbered(db: Session, now: datetime, name: str, series: Series, count: int) -> list[str]:
    year = _year(db, now)
    first = take(db, name, year, count)
    return [series.write(year, n) for n in range(first, first + count)]


def same_receipt(typed: str) -> str:
    """A receipt number as it is kept, from how somebody typed it; empty if it cannot be one."""
    return RECEIPT.same(typed)


def slip_number(db: Session, now: datetime) -> str:
    """The document number of an assignment slip."""
    return slip_numbers(db, now, 1)[0]


def slip_numbers(db: Session, now: datetime, count: int) -> list[str]:
    """So many of them in a row."""
    return take_document_numbers(db, "slip", _year(db, now), SLIP, count)


def _year(db: Session, now: datetime) -> int:
    return local_date(now, zone_of(db)).year
