"""The lists to choose from in the forms."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Category, Channel
from portal.cases.vocabulary import AppealKind
from portal.deadlines.limits import LimitEvent, limit_for
from portal.deadlines.queries import limit_table
from portal.deadlines.values import Limit
from portal.identity.models import Area
from portal.identity.queries import valid_units


@dataclass(frozen=True, slots=True)
class Option:
    """A row of a table to choose from, with its name in English if it has one."""

    id: int
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the form lets choose."""

    categories: tuple[Option, ...]
    areas: tuple[Option, ...]
    units: tuple[Option, ...]


def options(db: Session, day: date) -> Options:
    """Categories, areas and units that can be chosen today. Three statements."""
    categories = db.scalars(select(Category).where(Category.active).order_by(Category.sort, Category.id))
    areas = db.scalars(select(Area).where(Area.active).order_by(Area.sort, Area.id))
    return Options(
        tuple(Option(row.id, row.name, row.name_en) for row in categories),
        tuple(Option(row.id, row.name, row.name_en) for row in areas),
        tuple(Option(row.id, row.name, row.name_en) for row in valid_units(db, day)),
    )


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How soon each kind of appeal is answered, by the city's limits; a company's enquiry, and its rest."""

    of: dict[str, Limit]
    enquiry_of_company: Limit
    other_of_company: Limit


def answer_times(db: Session, day: date) -> AnswerTimes:
    """The limits in force on a day that the form tells. One statement."""
    table = limit_table(db, day)

    def limit(kind: str, party: str = "person") -> Limit:
        return limit_for(LimitEvent.RESULT, kind=kind, party=party, tier="first_ask", table=table)

    return AnswerTimes(
        {kind.value: limit(kind) for kind in AppealKind},
        limit("enquiry", "company"),
        limit("help", "company"),
    )


def staff_channels(db: Session) -> list[tuple[str, str, str]]:
    """Channels through which staff file: (code, name, name in English)."""
    rows = db.scalars(
        select(Channel)
        .where(Channel.active, Channel.staff_only, Channel.kind != "system")
        .order_by(Channel.sort, Channel.id)
    )
    return [(row.code, row.name, row.name_en) for row in rows]
