"""An invented case with everything decided about it, and the ids and numbers it is written under."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.cases.past import Prepared
from portal.cases.vocabulary import ClosingKind, PartyKind, Tier
from portal.demo.invention import InventedCase
from portal.demo.scale.clocks import Given
from portal.demo.scale.course import Course

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The ids and numbers of one case, taken beforehand."""

    appeal: int
    case: int
    receipt: str
    ref: str
    slip: str
    supporting_slip: str
    reply: int
    attachment: int
    rating: int
    assignment: int
    supporting: int


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented case with all that was decided about it before it is written."""

    case: InventedCase
    course: Course
    prepared: Prepared
    result: Given
    rating_until: datetime | None
    channel_id: int
    channel: tuple[str, str]
    """Its name, here and in English."""
    category_id: int
    area_id: int
    company_id: int | None
    unit_id: int
    supporting_unit_id: int | None
    handler_id: int
    screener_id: int
    consent: bool
    picture: Row | None
    seed: int

    @property
    def kind(self) -> str:
        return self.case.kind.value

    @property
    def party(self) -> str:
        return (PartyKind.COMPANY if self.company_id else PartyKind.PERSON).value

    @property
    def closing(self) -> ClosingKind:
        return self.case.closing

    @property
    def is_solved(self) -> bool:
        return self.closing is ClosingKind.SOLVED

    @property
    def is_joint(self) -> bool:
        return self.course.tier is Tier.JOINT and self.supporting_unit_id is not None

    @property
    def tier(self) -> str:
        """A joint case has somebody to support it."""
        if self.course.tier is Tier.JOINT and not self.is_joint:
            return Tier.FIRST_ASK.value
        return self.course.tier.value
