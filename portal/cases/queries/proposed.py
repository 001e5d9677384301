"""The person a rule proposes, and whether that stands today: appointed to handle cases in the unit, and not away.

Where it does not, the proposal is the unit's alone, and the page says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.queries import away_until, people_with

HANDLES = "case.handle"


@dataclass(frozen=True, slots=True)
class ProposedPerson:
    """Somebody whom a rule names for a unit."""

    id: int
    name: str
    is_appointed: bool
    away_until: date | None

    @property
    def is_here(self) -> bool:
        """Can be given the case today."""
        return self.is_appointed and self.away_until is None


Named = tuple[int, int]
"""Unit and person."""


def proposed_people(
    db: Session, named: Iterable[tuple[int | None, int | None]], day: date
) -> Mapping[Named, ProposedPerson]:
    """How it stands with the people named, by unit and person. Three statements, or none."""
    wanted = {(unit, person) for unit, person in named if unit is not None and person is not None}
    if not wanted:
        return {}
    units, people = {unit for unit, _ in wanted}, {person for _, person in wanted}
    names = {
        row.id: row.name for row in db.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    }
    appointed = {(unit, person) for person, _, unit in people_with(db, HANDLES, units, day)}
    away = away_until(db, people, day)
    return {
        (unit, person): ProposedPerson(
            person, names.get(person, ""), (unit, person) in appointed, away.get(person)
        )
        for unit, person in wanted
    }


def proposed_person(
    db: Session, unit_id: int | None, person_id: int | None, day: date
) -> ProposedPerson | None:
    """The one named for a case, if a rule named one."""
    return next(iter(proposed_people(db, [(unit_id, person_id)], day).values()), None)
