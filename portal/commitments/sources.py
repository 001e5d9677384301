"""Said where: whoever lets commitments be made (a case at the desk, later a live session) tells how to name the place.

A higher floor registers its kind in its `init_app`; a resolver gets the id and answers for the public only.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kernel.words import N_
from portal.publishing.models import PublishedCase


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said: words (a message id with holes, or a name) and the public address, if it has one."""

    words: str
    path: str | None = None
    holes: tuple[tuple[str, str], ...] = ()


Resolver = Callable[[Session, int], Place | None]


def case_place(db: Session, case_id: int) -> Place:
    """At the desk, for a case; which one is told only where the case is published."""
    ref = db.scalar(select(PublishedCase.ref).where(PublishedCase.case_id == case_id, PublishedCase.visible))
    if ref is None:
        return Place(N_("for a case at the desk"))
    return Place(N_("for case %(ref)s"), f"/cases/{ref}", (("ref", ref),))


_resolvers: dict[str, Resolver] = {"case": case_place}


def register(kind: str, resolver: Resolver) -> None:
    """Make a kind of place known; the same kind again replaces it."""
    _resolvers[kind] = resolver


def is_known(kind: str) -> bool:
    """Whether commitments can be said there."""
    return kind in _resolvers


def place_of(db: Session, kind: str, number: int) -> Place | None:
    """The place in words; None where nobody can tell any more."""
    resolver = _resolvers.get(kind)
    return resolver(db, number) if resolver else None
