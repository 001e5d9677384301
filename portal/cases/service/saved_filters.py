"""Worklist filters that people keep under a name, each for themselves."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import SavedFilter
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_

MOST = 20
LONGEST_NAME = 60
LONGEST_QUERY = 500


def save_filter(db: Session, now: datetime, actor: Actor, name: str, query: str) -> int:
    """Keep a filter; the same name again means the new one. Returns its id."""
    require(actor, "case.read")
    name = _checked(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid("too_long", N_("This filter is too long to be kept."))
    row = _named(db, actor, name)
    if row is None:
        if _count(db, actor) >= MOST:
            raise Refused(
                "too_many_filters", N_("You have kept %(most)d filters. Delete one first."), most=MOST
            )
        row = SavedFilter(person_id=actor.person_id, name=name, query=query)
        db.add(row)
    row.query = query
    db.flush()
    return row.id


def rename_filter(db: Session, now: datetime, actor: Actor, filter_id: int, name: str) -> None:
    """Give one's own filter another name."""
    row = _own(db, actor, filter_id)
    name = _checked(name)
    other = _named(db, actor, name)
    if other is not None and other.id != row.id:
        raise Invalid("taken", N_("You already have a filter of this name."), field="name")
    row.name = name


def delete_filter(db: Session, now: datetime, actor: Actor, filter_id: int) -> None:
    """Forget one's own filter."""
    db.delete(_own(db, actor, filter_id))


def _checked(name: str) -> str:
    name = name.strip()
    if not name:
        raise Invalid("empty", N_("Please fill this in."), field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            "too_long", N_("Please use at most %(max)d characters."), field="name", max=LONGEST_NAME
        )
    return name


def _own(db: Session, actor: Actor, filter_id: int) -> SavedFilter:
    row = db.get(SavedFilter, filter_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return row


def _named(db: Session, actor: Actor, name: str) -> SavedFilter | None:
    return db.scalar(
        select(SavedFilter).where(SavedFilter.person_id == actor.person_id, SavedFilter.name == name)
    )


def _count(db: Session, actor: Actor) -> int:
    return db.scalar(select(func.count()).where(SavedFilter.person_id == actor.person_id)) or 0
