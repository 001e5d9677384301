"""The room in which somebody acts on a case: the case, and what its forms can offer to choose from."""

from collections.abc import Collection
from functools import cached_property

from portal.cases.desk.reading import indented_by_id, lists, seen
from portal.cases.queries.case_head import AskerRow, CaseHead, askers
from portal.cases.queries.case_orders import assignments
from portal.cases.queries.proposed import ProposedPerson, proposed_person
from portal.cases.subjects import nothing, subject_of
from portal.cases.vocabulary import PartState, Tier
from portal.identity.policy import Subject, can
from portal.identity.queries import people_with
from portal.web.access import current_actor
from portal.web.database import reader


class Room:
    """Reads what a form asks for, when it asks."""

    def __init__(self, head: CaseHead, part_id: int | None = None) -> None:
        self.head = head
        self.part_id = part_id

    def check_part(self) -> None:
        """The part of an address, if it has one, is one of this case's."""
        if self.part_id is not None and all(
            line.id != self.part_id for line in assignments(reader(), self.head.id)
        ):
            raise nothing()

    @cached_property
    def subject(self) -> Subject:
        return subject_of(reader(), self.head.id)

    @property
    def part_states(self) -> Collection[PartState]:
        """What this person may make of a supporting part: done by its unit, waived or open by the office."""
        actor = current_actor()
        done = {PartState.DONE} if can(actor, "case.handle", self.subject) else set()
        return done | (
            {PartState.WAIVED, PartState.OPEN} if can(actor, "case.assign", self.subject) else set()
        )

    @property
    def is_joint(self) -> bool:
        return self.head.tier == Tier.JOINT

    def units(self, *, all_of_them: bool = False) -> list[tuple[int, str]]:
        """Units that take cases, without those the appeal complains about."""
        by_id = lists().unit_by_id
        concerned = self.subject.concerned_unit_ids
        return [
            (number, name)
            for number, name in indented_by_id(lists().units)
            if all_of_them or (by_id[number].handles and number not in concerned)
        ]

    def categories(self) -> list[tuple[int, str]]:
        return indented_by_id(lists().categories)

    def areas(self) -> list[tuple[int, str]]:
        return indented_by_id(lists().areas)

    def people(self, unit_id: int | None) -> list[tuple[int, str]]:
        """People of a unit who can handle cases, without those complained about."""
        if unit_id is None:
            return []
        found = people_with(reader(), "case.handle", [unit_id], seen().today)
        return [
            (number, name)
            for number, name in {row[0]: row[1] for row in found}.items()
            if number not in self.subject.concerned_person_ids
        ]

    @cached_property
    def proposed_person(self) -> ProposedPerson | None:
        """Whom a rule names for the case, unless the case complains about them."""
        head = self.head
        if head.proposed_person_id in self.subject.concerned_person_ids:
            return None
        return proposed_person(reader(), head.proposed_unit_id, head.proposed_person_id, seen().today)

    @cached_property
    def askers(self) -> list[AskerRow]:
        return askers(reader(), self.head.id)

    def appeals(self) -> list[tuple[int, str]]:
        """The appeals the case answers now and whose words are there."""
        return [
            (row.appeal_id, f"{row.receipt} {row.title}")
            for row in self.askers
            if row.is_live and not row.erased_at
        ]
