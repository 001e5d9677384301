"""The numbers a case and an appeal are known by, and that of an assignment slip; yearly, local."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.numbers import declare, take, take_document_number
from portal.kernel.words import N_

SLIP = "平会厅交〔{year}〕{n}号"
declare("slip", N_("Assignment slip"), SLIP)


def case_ref(db: Session, now: datetime) -> str:
    """A case's public reference, e.g. `B26-04187`."""
    return _numbered(db, now, "case", "B")


def receipt(db: Session, now: datetime) -> str:
    """An appeal's receipt number; says nothing about its case's reference."""
    return _numbered(db, now, "receipt", "S")


def _numbered(db: Session, now: datetime, series: str, letter: str) -> str:
    year = local_date(now, zone_of(db)).year
    return f"{letter}{year % 100:02d}-{take(db, series, year):05d}"


def slip_number(db: Session, now: datetime) -> str:
    """The document number of an assignment slip."""
    return take_document_number(db, "slip", local_date(now, zone_of(db)).year, SLIP)
