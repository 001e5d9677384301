"""What input must be, and who must be another: refusals that several abilities share."""

from enum import StrEnum

from sqlalchemy.orm import Session

from portal.cases.history import HistoryEntry
from portal.identity.actors import Actor
from portal.kernel.db import Base
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_

LONGEST = 4000


def text_given(field: str, text: str, longest: int = LONGEST) -> None:
    """Refuse an empty text, and one that is too long."""
    if not text.strip():
        raise Invalid("empty", N_("Please fill this in."), field=field)
    text_fits(field, text, longest)


def text_fits(field: str, text: str, longest: int = LONGEST) -> None:
    """Refuse a text that is too long."""
    if len(text) > longest:
        raise Invalid("too_long", N_("Please use at most %(max)d characters."), field=field, max=longest)


def one_of(field: str, code: str, words: type[StrEnum]) -> None:
    """Refuse a code that the closed list does not hold."""
    if code not in list(words):
        raise Invalid("not_on_list", N_("Choose from the list."), field=field)


def on_list(db: Session, field: str, table: type[Base], found: int | None) -> None:
    """Refuse a choice that is not in the table."""
    if found is not None and db.get(table, found) is None:
        raise Invalid("not_on_list", N_("Choose from the list."), field=field)


def another_person(actor: Actor, first: HistoryEntry | int | None) -> None:
    """Two persons: refuse whoever did the first part themselves."""
    person_id = first.actor_id if isinstance(first, HistoryEntry) else first
    if person_id is not None and actor.person_id == person_id:
        raise Refused("second_person_required")
