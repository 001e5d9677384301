"""May this actor do this to that? The only judge, for every door. What nobody allowed is denied.

A feature describes its subjects as `Subject` and may register predicates that forbid more
(a conflict of interest, for one); a predicate can take a right away, never give one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.identity.actors import Actor, ActorKind
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.words import N_


@dataclass(frozen=True)
class Subject:
    """What an action is done to, as far as policy must know it."""

    kind: str
    id: int
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    """Units that handle it: a unit-wide right reaches it through any of these."""
    concerned_unit_ids: frozenset[int] = field(default_factory=frozenset)
    concerned_person_ids: frozenset[int] = field(default_factory=frozenset)
    appeal_ids: frozenset[int] = field(default_factory=frozenset)


Predicate = Callable[[Actor, str, Subject], bool]
_predicates: dict[str, dict[Predicate, None]] = {}


def forbid_when(kind: str, predicate: Predicate) -> None:
    """Deny actions on subjects of `kind` where `predicate(actor, action, subject)` is true."""
    _predicates.setdefault(kind, {})[predicate] = None


def can(actor: Actor, action: str, subject: Subject | None = None) -> bool:
    """Whether the actor holds the permission `action` for the subject (or anywhere, without one)."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if not actor.has(action):
        return False
    if subject is None:
        return True
    if conflicted(actor, subject) or any(
        p(actor, action, subject) for p in _predicates.get(subject.kind, ())
    ):
        return False
    reach = actor.reach(action)
    return reach is None or bool(reach & subject.unit_ids)


def conflicted(actor: Actor, subject: Subject) -> bool:
    """Conflict of interest (domain, section 3): the matter complains about this person, or about a unit they
    are appointed to. Such a matter does not exist for them, whatever else they may do."""
    return actor.person_id in subject.concerned_person_ids or bool(
        actor.unit_ids & subject.concerned_unit_ids
    )


def require(actor: Actor, action: str, subject: Subject | None = None) -> None:
    """Raise unless `can`. What one may not even know of is not found rather than forbidden."""
    if can(actor, action, subject):
        return
    if subject is not None and not can(actor, f"{subject.kind}.read", subject):
        raise NotFound("not_found", N_("There is nothing here under this address."))
    raise Forbidden("forbidden", N_("Your appointment does not allow this."))
