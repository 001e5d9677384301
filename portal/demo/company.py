"""The people who act in the demonstration: who handles what, who is the second person."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.demo.content import DemoCity
from portal.demo.founding import Ids
from portal.demo.times import seed
from portal.identity.actors import Actor
from portal.identity.queries import actor_of
from portal.kernel.db import zone_of

SETTLED = 210
"""Days: whoever was appointed before may have acted in any of the city's cases."""


@dataclass
class Company:
    """Finds actors for units and roles; the same case always meets the same people."""

    db: Session
    now: datetime
    city: DemoCity
    ids: Ids
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """The person of this login as an actor."""
        if login not in self._actors:
            self._actors[login] = actor_of(self.db, self.ids.people[login], self.now, zone_of(self.db))
        return self._actors[login]

    def of(self, role: str, key: str, unit: str | None = None, but: Actor | None = None) -> Actor:
        """Somebody with this role (in this unit), chosen by the case's key; never the one in `but`."""
        found = [login for login in self._holders(role, unit) if but is None or self.actor(login) != but]
        if not found and role == "official":
            return self.of("unit_head", key, unit, but)
        if not found:
            raise LookupError(f"nobody is {role} in {unit}")
        return self.actor(found[seed(key) % len(found)])

    def _holders(self, role: str, unit: str | None) -> list[str]:
        return [
            person.login
            for person in self.city.people.values()
            if person.leave is None
            and any(
                a.role == role and (unit is None or a.unit == unit) and a.until is None and a.since > SETTLED
                for a in person.appointments
            )
        ] or [
            person.login
            for person in self.city.people.values()
            if any(
                a.role == role and (unit is None or a.unit == unit) and a.is_running
                for a in person.appointments
            )
        ]
