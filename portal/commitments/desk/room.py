"""The room in which somebody acts on a commitment: the commitment, what is decided about, what can be chosen."""

from functools import cached_property
from typing import NoReturn

from portal.cases.desk.reading import indented_by_id, lists, seen
from portal.commitments.queries import desk, page
from portal.commitments.queries.desk import CommitmentHead
from portal.commitments.subjects import KIND, cases_of, nothing, subject_for
from portal.commitments.workflow import RIGHTS, CommitmentState, Wish, wishes
from portal.identity.policy import Subject, can
from portal.kernel.series import COMMITMENT
from portal.web.access import current_actor
from portal.web.database import reader


def find(ref: str) -> CommitmentHead:
    """The commitment of an address; for whoever may not know of it there is none."""
    found = desk.head(reader(), current_actor(), ref) if COMMITMENT.same(ref) == ref else None
    if found is None:
        raise nothing()
    return found


class Room:
    """Reads what a form asks for, when it asks. `number`: the report or proposal of the address."""

    def __init__(self, head: CommitmentHead, number: int | None = None) -> None:
        self.head = head
        self.number = number

    @cached_property
    def subject(self) -> Subject:
        return subject_for(reader(), self.head.id, self.head.unit_id, cases_of(reader(), self.head.id))

    def may(self, permission: str) -> bool:
        """Whether this person may do that to it."""
        return can(current_actor(), permission, self.subject)

    @cached_property
    def reports(self) -> list[page.Report]:
        return page.reports(reader(), self.head.id)

    @cached_property
    def proposals(self) -> list[page.ProposalLine]:
        return page.proposals(reader(), self.head.id)

    @property
    def report(self) -> page.Report:
        """The one of the address."""
        return next((row for row in self.reports if row.id == self.number), None) or _none()

    @property
    def proposal(self) -> page.ProposalLine:
        """The one of the address."""
        return next((row for row in self.proposals if row.id == self.number), None) or _none()

    def ends(self) -> list[Wish]:
        """The ends that this person may propose as it stands."""
        offered = wishes(CommitmentState(self.head.state))
        return [wish for wish in offered if wish is not Wish.CHANGE and self.may(RIGHTS[wish].propose)]

    def words(self) -> dict[str, str]:
        """What is decided about: the words that everybody would read."""
        return {"what": self.head.what, "how": self.head.how}


class ReportRoom(Room):
    """A follow-up is decided about."""

    def words(self) -> dict[str, str]:
        captions = " / ".join(sorted({line.caption for line in self.report.pictures if line.caption}))
        return {"body": self.report.body, "caption": captions}


class ProposalRoom(Room):
    """A proposal is decided about."""

    def words(self) -> dict[str, str]:
        found = {"reason": self.proposal.reason}
        if self.proposal.wish == Wish.CHANGE:
            found |= {"what": self.proposal.what, "how": self.proposal.how}
        return found


class CaseRoom:
    """A commitment is to be made for a case."""

    def __init__(self, case_id: int, subject: Subject) -> None:
        self.case_id = case_id
        self._subject = subject

    def units(self) -> list[tuple[int, str]]:
        """Units for which this person may promise, without those complained about."""
        actor, by_id = current_actor(), lists().unit_by_id
        return [
            (number, name)
            for number, name in indented_by_id(lists().units)
            if by_id[number].handles
            and can(actor, "commitment.make", self.subject(number))
            and number not in self._subject.concerned_unit_ids
        ]

    def subject(self, unit_id: int) -> Subject:
        """A commitment of this unit for the case."""
        return Subject(
            KIND,
            0,
            frozenset({unit_id}),
            self._subject.concerned_unit_ids,
            self._subject.concerned_person_ids,
        )

    def people(self, unit_id: int | None) -> list[tuple[int, str]]:
        """People appointed in that unit, without those complained about."""
        found = page.people_of(reader(), unit_id, seen().today)
        return [row for row in found if row[0] not in self._subject.concerned_person_ids]


def _none() -> NoReturn:
    raise nothing()
