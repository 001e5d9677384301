"""The closed lists of words about appeals and cases. Labels and meanings are in the glossary, not here.

Channels, categories, areas and units are tables, because a city changes them; what stands here
is fixed by the rules (domain: sections 1, 3 and 6).
"""

from enum import StrEnum


class AppealKind(StrEnum):
    """What the asker wants; decides the ordinary limit."""

    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"


class PartyKind(StrEnum):
    """Who asks. Companies have limits of their own."""

    PERSON = "person"
    COMPANY = "company"


class Tier(StrEnum):
    """How a case is taken up: by the first unit asked, raised, or by several units together."""

    FIRST_ASK = "first_ask"
    ESCALATED = "escalated"
    JOINT = "joint"


class NotAcceptedReason(StrEnum):
    """Why the office does not take a case up. The asker is told and may object once."""

    OUTSIDE_AREA = "outside_area"
    OTHER_LEGAL_TRACK = "other_legal_track"
    AGAINST_LAW = "against_law"
    SECRETS_OR_PRIVACY = "secrets_or_privacy"
    UNTRUE = "untrue"
    CLEARLY_UNREASONABLE = "clearly_unreasonable"
    HELD_UNREASONABLE = "held_unreasonable"
    ABUSIVE = "abusive"


class ClosingKind(StrEnum):
    """How a case ended. Only the first may ever be shown as solved."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    NOT_OURS = "not_ours"
    UNREACHABLE = "unreachable"


class PauseKind(StrEnum):
    """Whom the case waits for while its clock stands still."""

    ASKER = "asker"
    EXTERNAL = "external"


class Rating(StrEnum):
    """The asker's judgement, best first."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"

    @property
    def score(self) -> int:
        """5 (best) to 1."""
        return 5 - list(Rating).index(self)

    @property
    def is_dissatisfied(self) -> bool:
        """The two lowest levels: with a text, they ask for reopening."""
        return self.score <= 2


class SatisfactionException(StrEnum):
    """What may stand in for a good rating when a solved case closes; always on record."""

    NOT_RATED = "not_rated"
    REOPENING_REFUSED = "reopening_refused"
    CALL_BACK_SATISFIED = "call_back_satisfied"


class PartState(StrEnum):
    """A supporting unit's part of a joint case."""

    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"


class Act(StrEnum):
    """What stands in the history: the moves of a case, and what was done to it without one."""

    FILED = "filed"
    IMPORTED = "imported"
    UNIT_PROPOSED = "unit_proposed"
    SCREENED = "screened"
    NOT_ACCEPTED = "not_accepted"
    REFUSAL_OBJECTED = "refusal_objected"
    REFUSAL_OBJECTION_UPHELD = "refusal_objection_upheld"
    REFUSAL_OBJECTION_REFUSED = "refusal_objection_refused"
    ASSIGNED = "assigned"
    SUPPORTING_ASSIGNED = "supporting_assigned"
    ACCEPTED = "accepted"
    OBJECTED = "objected"
    OBJECTION_UPHELD = "objection_upheld"
    OBJECTION_REFUSED = "objection_refused"
    DELEGATED = "delegated"
    REROUTED = "rerouted"
    PART_DONE = "part_done"
    PART_WAIVED = "part_waived"
    PART_REOPENED = "part_reopened"
    TIER_CHANGED = "tier_changed"
    CONCERNS_SET = "concerns_set"
    DUE_CHANGED = "due_changed"
    STARTED = "started"
    NOTED = "noted"
    PLANNED = "planned"
    ASKER_ASKED = "asker_asked"
    ASKER_ANSWERED = "asker_answered"
    WAITING_EXTERNAL = "waiting_external"
    RESUMED = "resumed"
    EVIDENCE_ADDED = "evidence_added"
    ANSWERED = "answered"
    RATED = "rated"
    CLOSED = "closed"
    CALLED_BACK = "called_back"
    REOPENING_REQUESTED = "reopening_requested"
    REOPENED = "reopened"
    REOPENING_REFUSED = "reopening_refused"
    MERGED = "merged"
    MERGE_RECEIVED = "merge_received"
    MERGE_UNDONE = "merge_undone"
    MERGE_LOST = "merge_lost"
    SPLIT = "split"
    SPLIT_FROM = "split_from"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    CONTACT_SHOWN = "contact_shown"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_APPROVED = "extension_approved"
    EXTENSION_REFUSED = "extension_refused"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    VERY_LATE = "very_late"
    RELEASED = "released"
    CORRECTED = "corrected"
    UNPUBLISHED = "unpublished"
