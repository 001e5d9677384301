"""What a demonstration case holds, as frozen dataclasses. What the city holds beside its cases is in `town`.

Plain values only: no database, no clock. All `day` fields count calendar days after the submission of the
case. Texts may hold the placeholders of `dates.fill`, relative to that day.
"""

from dataclasses import dataclass

from portal.cases.vocabulary import AppealKind, ClosingKind, NotAcceptedReason, PartState, Rating, Tier
from portal.cases.workflow import CaseState


@dataclass(frozen=True, slots=True)
class DemoRefusal:
    """Why the office did not take the appeal up, and what it told the asker."""

    day: int
    reason: NotAcceptedReason
    text: str
    objection: str = ""
    """What the asker wrote against it, if they did. Upheld exactly if the case is in another state now."""


@dataclass(frozen=True, slots=True)
class DemoObjection:
    """A unit's objection to being asked. `upheld` None: not decided yet (the case stands in `objected`)."""

    day: int
    unit: str
    proposed: str
    reason: str
    upheld: bool | None = None
    decision: str = ""
    """The office's reason for its decision."""


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """A question to the asker, answered on `answer_day`; both empty: still waited for, or never answered."""

    day: int
    text: str
    answer: str = ""
    answer_day: int | None = None


@dataclass(frozen=True, slots=True)
class DemoWait:
    """A pause for an outside party, from `day` to `until` (None: still waiting)."""

    day: int
    reason: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class DemoExtension:
    """The one extension: asked for on `day`, `workdays` more. `approved` None: not decided yet."""

    day: int
    reason: str
    workdays: int
    approved: bool | None = None


@dataclass(frozen=True, slots=True)
class DemoPart:
    """A supporting unit's part of a joint case; `text` is what it did, or why it was waived."""

    unit: str
    state: PartState
    text: str
    day: int | None = None


@dataclass(frozen=True, slots=True)
class DemoNote:
    """A follow-up note in the file. `for_asker`: the asker reads it too."""

    day: int
    text: str
    for_asker: bool = False


@dataclass(frozen=True, slots=True)
class DemoRating:
    """The asker's judgement. `overall` is of the office, None: left open."""

    day: int
    result: Rating
    speed: Rating
    attitude: Rating
    comment: str = ""
    overall: Rating | None = None


@dataclass(frozen=True, slots=True)
class DemoReopening:
    """A request to open again, by the `asker`, a `call_back` or a `recheck`. `granted` None: undecided."""

    day: int
    reason: str
    by: str = "asker"
    granted: bool | None = None
    decision: str = ""
    decided_day: int | None = None


@dataclass(frozen=True, slots=True)
class DemoReply:
    """A unit's reply and what came of it. `closing` is how the unit means to close."""

    day: int
    closing: ClosingKind
    text: str
    evidence: tuple[str, ...] = ()
    """Captions of the pieces of evidence, for which the loader makes small files."""
    legal_ground: str = ""
    handed_to: str = ""
    """For `not_ours`: who took it over, with their receipt."""
    rating: DemoRating | None = None
    """None: not rated. A closed case without one was closed when the 14 days were over."""
    reopening: DemoReopening | None = None
    """If granted, the next reply of the case answers it."""


@dataclass(frozen=True, slots=True)
class DemoMechanism:
    """The third gate: an outcome (`kind`: procedure_improved, legacy_settled, rule_issued), or why none."""

    kind: str = ""
    outcome: str = ""
    not_needed: str = ""


@dataclass(frozen=True, slots=True)
class DemoWithdrawal:
    """The asker took the appeal back."""

    day: int
    reason: str


@dataclass(frozen=True, slots=True)
class DemoPublic:
    """What the office released, without personal data. `reply`: only where the unit's words had to change."""

    title: str
    text: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One appeal and the case opened for it, up to the state it stands in at the moment of loading."""

    key: str
    kind: AppealKind
    party: str
    """Key of a citizen or of a company."""
    category: str
    area: str
    channel: str
    days_ago: int
    state: CaseState
    title: str
    text: str
    place: str = ""
    concerns: str = ""
    """Unit complained about; it is never asked and never sees the case."""
    consent: bool = True
    """Consent to publish."""
    personal: tuple[str, ...] = ()
    """Kinds of personal data in title, text or place: phone, id_number, plate, address, name."""
    tier: Tier = Tier.FIRST_ASK
    lead: str = ""
    """Unit that leads; after an upheld objection the one it went to. Empty before assignment."""
    supporting: tuple[str, ...] = ()
    plan: str = ""
    """Escalated cases: the plan of the first 48 hours."""
    merged_into: str = ""
    """Key of the case this appeal joined."""
    closing: ClosingKind | None = None
    refusal: DemoRefusal | None = None
    withdrawal: DemoWithdrawal | None = None
    objections: tuple[DemoObjection, ...] = ()
    questions: tuple[DemoQuestion, ...] = ()
    waits: tuple[DemoWait, ...] = ()
    extension: DemoExtension | None = None
    parts: tuple[DemoPart, ...] = ()
    notes: tuple[DemoNote, ...] = ()
    replies: tuple[DemoReply, ...] = ()
    mechanism: DemoMechanism | None = None
    public: DemoPublic | None = None
    """Present exactly if the case is published."""
