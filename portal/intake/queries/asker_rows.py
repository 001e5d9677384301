"""What the asker's page is made of: frozen rows, and what they let the asker do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.cases.vocabulary import ClosingKind
from portal.cases.workflow import CaseState, Transition, moves_from
from portal.deadlines.values import Step


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file the asker may open."""

    id: int
    name: str
    caption: str
    media_type: str
    size: int
    reply_id: int | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """Something that was done, as far as the asker may know it."""

    at: datetime
    act: str
    source: str | None
    target: str | None
    unit: str
    reason_code: str | None
    note: str = field(repr=False)
    details: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A unit's answer."""

    id: int
    unit: str
    body: str = field(repr=False)
    closing_kind: str
    legal_ground: str
    handed_to: str
    way_forward: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question to this asker."""

    id: int
    case_id: int
    body: str = field(repr=False)
    asked_at: datetime
    due_at: datetime
    answer: str | None = field(repr=False)
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class RatingView:
    """What this asker said of one answer."""

    case_id: int
    reply_id: int
    result: str
    speed: str
    attitude: str
    overall: str | None
    comment: str = field(repr=False)
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ClockRow:
    """The case's own clock and how its date was found."""

    amount: int
    unit: str
    due_at: datetime
    due_day: date
    steps: tuple[Step, ...]
    provisional: bool
    paused_at: datetime | None
    stopped_at: datetime | None
    stage: str

    @property
    def met(self) -> bool | None:
        """Whether it was done in time; None while it is not done."""
        return None if self.stopped_at is None else self.stopped_at < self.due_at


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case that answers the appeal."""

    id: int
    ref: str
    link: str
    since: datetime
    title: str = field(repr=False)
    state: str
    tier: str
    closing_kind: str | None
    reason_code: str | None
    unit: str
    unit_phone: str
    rating_until: datetime | None
    published_ref: str | None
    objected: bool
    askers: int
    is_history: bool


_RATEABLE = (CaseState.ANSWERED, CaseState.REOPEN_REQUESTED, CaseState.CLOSED)


@dataclass(frozen=True, slots=True)
class Thread:
    """One case with everything the asker may see of it and do to it."""

    case: CaseRow
    clock: ClockRow | None
    entries: tuple[EntryRow, ...]
    replies: tuple[ReplyRow, ...]
    evidence: tuple[FileRow, ...]
    questions: tuple[QuestionRow, ...]
    ratings: tuple[RatingView, ...]

    @property
    def may_withdraw(self) -> bool:
        alone = self.case.link != "merged" and self.case.askers == 1
        return alone and any(move.asker_may and move.target is CaseState.WITHDRAWN for move in self._moves)

    @property
    def unanswered(self) -> bool:
        """It ended without an answer: not taken up, taken back, joined, or the asker was not reached."""
        ended = (CaseState.NOT_ACCEPTED, CaseState.WITHDRAWN, CaseState.MERGED)
        return self.case.state in ended or self.case.closing_kind == ClosingKind.UNREACHABLE

    @property
    def may_object(self) -> bool:
        return self.case.state == CaseState.NOT_ACCEPTED and not self.case.objected

    def may_rate(self, now: datetime) -> bool:
        """The newest answer, once, while the rating is open."""
        if not self.replies or self.case.state not in _RATEABLE:
            return False
        until = self.case.rating_until
        return until is not None and now < until and not self.rated

    @property
    def rated(self) -> bool:
        """The newest answer was rated by this asker."""
        return any(rating.reply_id == self.replies[0].id for rating in self.ratings if self.replies)

    @property
    def open_questions(self) -> tuple[QuestionRow, ...]:
        waiting = self.case.state == CaseState.WAITING_ASKER
        return tuple(row for row in self.questions if row.answered_at is None) if waiting else ()

    @property
    def _moves(self) -> Iterable[Transition]:
        return moves_from(CaseState(self.case.state))


@dataclass(frozen=True, slots=True)
class AppealRow:
    """The appeal in the asker's own words; the words are empty once erased."""

    id: int
    receipt: str
    kind: str
    party_kind: str
    received_at: datetime
    consent_to_publish: bool
    erased_at: datetime | None
    locale: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    place: str = field(repr=False)
    concerns: str = field(repr=False)
    concerns_unit: str = field(repr=False)
    category: str
    area: str
    channel: str
    company: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskerView:
    """The whole page."""

    appeal: AppealRow
    files: tuple[FileRow, ...]
    threads: tuple[Thread, ...]
