"""The history of a commitment as everybody reads it: from its entries, with the words that two persons have read."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.commitments.history import CommitmentEntry
from portal.commitments.models import Commitment, CommitmentFollowUp, CommitmentProposal, CommitmentText
from portal.commitments.values import PublicStep, PublicText
from portal.commitments.workflow import Act, Wish
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of

_ENDS = frozenset({Act.KEPT, Act.KEPT_LATE, Act.PARTLY_KEPT, Act.BROKEN, Act.RELEASED})
_CHECKED = frozenset({Act.END_PROPOSED, Act.END_REFUSED})
_PLAIN = frozenset({Act.OVERDUE, Act.VERY_LATE})


def steps(db: Session, commitment: Commitment) -> list[PublicStep]:
    """Oldest first."""
    return list(_Story(db, commitment).steps())


class _Story:
    """Everything that belongs to one commitment, read once."""

    def __init__(self, db: Session, commitment: Commitment) -> None:
        number = commitment.id
        self._zone: tzinfo = zone_of(db)
        self._entries = db.scalars(
            select(CommitmentEntry)
            .where(CommitmentEntry.commitment_id == number)
            .order_by(CommitmentEntry.id)
        ).all()
        texts = db.scalars(select(CommitmentText).where(CommitmentText.commitment_id == number))
        self._texts = {text.number: text for text in texts}
        reports = db.scalars(select(CommitmentFollowUp).where(CommitmentFollowUp.commitment_id == number))
        self._reports = {report.id: report for report in reports}
        proposals = db.scalars(select(CommitmentProposal).where(CommitmentProposal.commitment_id == number))
        self._proposals = {proposal.id: proposal for proposal in proposals}

    def steps(self) -> Iterator[PublicStep]:
        for entry in self._entries:
            step = self._step(entry)
            if step is not None:
                yield {"at": entry.at.isoformat(), "act": entry.act, **step}

    def _step(self, entry: CommitmentEntry) -> PublicStep | None:
        act = Act(entry.act)
        if act is Act.MADE:
            return {"after": _text(self._texts[1])}
        if act is Act.FOLLOW_UP_SHOWN and entry.follow_up_id is not None:
            return self._report(self._reports[entry.follow_up_id])
        if act in _PLAIN:
            return {}
        if entry.proposal_id is None:
            return None
        return self._proposed(act, entry, self._proposals[entry.proposal_id])

    def _report(self, report: CommitmentFollowUp) -> PublicStep:
        return {
            "follow_up": report.id,
            "words": report.body,
            "since": self._day(report.made_at),
            "erased": report.erased_at is not None,
        }

    def _proposed(self, act: Act, entry: CommitmentEntry, proposal: CommitmentProposal) -> PublicStep | None:
        if act in _CHECKED:
            return {"wish": proposal.wish} if Wish(proposal.wish).claims else None
        if act in _ENDS:
            return {"words": proposal.reason, "since": self._day(proposal.proposed_at), "wish": proposal.wish}
        if act is not Act.CHANGE_AGREED:
            return None
        number = entry.details["text_number"]
        return {
            "words": proposal.reason,
            "since": self._day(proposal.proposed_at),
            "before": _text(self._texts[number - 1]),
            "after": _text(self._texts[number]),
        }

    def _day(self, moment: datetime) -> str:
        return local_date(moment, self._zone).isoformat()


def _text(text: CommitmentText) -> PublicText:
    return {"what": text.what, "how": text.how, "due": text.due_day.isoformat()}
