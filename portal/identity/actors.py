"""Who acts: a person with the appointments that hold today, somebody from the public, or the portal itself."""

from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "person"
    PUBLIC = "public"
    ASKER = "asker"
    SYSTEM = "system"


@dataclass(frozen=True)
class Grant:
    """One appointment that holds today: its permissions and the units it reaches (None = everywhere)."""

    role: str
    permissions: frozenset[str]
    unit_id: int | None
    reach: frozenset[int] | None


@dataclass(frozen=True)
class Actor:
    """The one who acts, as every service is handed it. Reloaded for every request and command."""

    kind: ActorKind
    person_id: int | None = None
    name: str = ""
    unit_id: int | None = None
    unit_name: str = ""
    grants: tuple[Grant, ...] = ()
    appeal_id: int | None = None
    """For an asker: the one appeal whose code was given."""
    sign_in_id: int | None = None
    locale: str | None = None
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    """Units the person is appointed to (not the ones below them)."""

    @property
    def signed_in(self) -> bool:
        return self.kind is ActorKind.PERSON

    def has(self, permission: str) -> bool:
        """Whether any appointment holds this permission, somewhere."""
        return any(permission in grant.permissions for grant in self.grants)

    def reach(self, permission: str) -> frozenset[int] | None:
        """The units in which the permission holds; None means everywhere, an empty set nowhere."""
        units: set[int] = set()
        for grant in self.grants:
            if permission in grant.permissions:
                if grant.reach is None:
                    return None
                units |= grant.reach
        return frozenset(units)


PUBLIC = Actor(ActorKind.PUBLIC)
SYSTEM = Actor(ActorKind.SYSTEM)


def asker(appeal_id: int) -> Actor:
    """The person who holds the query code of one appeal."""
    return Actor(ActorKind.ASKER, appeal_id=appeal_id)
