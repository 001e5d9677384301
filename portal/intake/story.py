"""What was done to an appeal, told to its asker: only what concerns them, in words for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from portal.cases.workflow import CaseState, ClockEffect, check
from portal.intake.queries.asker_rows import ClockRow, EntryRow
from portal.kernel.errors import Refused
from portal.kernel.words import N_
from portal.web.filters import long_date, term, translated

TOLD: Mapping[str, str] = MappingProxyType(
    {
        "filed": N_("You submitted this appeal"),
        "screened": N_("The office has read it and looks for the unit"),
        "not_accepted": N_("The office did not take it up"),
        "refusal_objected": N_("You objected"),
        "refusal_objection_upheld": N_("Your objection was right: it is taken up"),
        "refusal_objection_refused": N_("Your objection was looked at; it stays not taken up"),
        "assigned": N_("Given to %(unit)s"),
        "supporting_assigned": N_("%(unit)s helps"),
        "accepted": N_("%(unit)s accepted it"),
        "objected": N_("%(unit)s says that another unit is responsible; this is being decided"),
        "objection_upheld": N_("It goes to another unit"),
        "objection_refused": N_("%(unit)s stays responsible"),
        "rerouted": N_("It goes to another unit"),
        "tier_changed": N_("It is taken up in another way"),
        "due_changed": N_("The due date was counted anew"),
        "started": N_("%(unit)s began to work on it"),
        "noted": N_("A message for you"),
        "asker_asked": N_("You were asked for more"),
        "asker_answered": N_("You answered"),
        "waiting_external": N_("Somebody outside has to do something first"),
        "resumed": N_("Work goes on"),
        "answered": N_("%(unit)s answered"),
        "rated": N_("You rated it"),
        "closed": N_("Closed"),
        "called_back": N_("You were called back"),
        "reopening_requested": N_("It was asked to open it again"),
        "reopened": N_("It was opened again"),
        "reopening_refused": N_("It was not opened again"),
        "merged": N_("Handled together with another appeal about the same matter"),
        "merge_undone": N_("Handled on its own again"),
        "split": N_("Divided into several cases"),
        "split_from": N_("This part was divided off"),
        "withdrawn": N_("Withdrawn"),
        "extension_approved": N_("The unit was given more time"),
        "overdue": N_("Overdue"),
        "very_late": N_("Overdue by more than the whole limit"),
        "erased": N_("Your words and contact were erased"),
        "released": N_("Published without anything about you"),
    }
)
"""Acts that are not here are the house's own affair."""

MEANS: Mapping[str, str] = MappingProxyType(
    {
        "submitted": N_("The office looks at it within one working day."),
        "screened": N_("The office has read it and decides which unit handles it."),
        "not_accepted": N_("The office did not take it up. The reason stands below; you may object once."),
        "merged": N_("It is handled together with another appeal about the same matter."),
        "assigned": N_("A unit has it and says within one working day whether it is responsible."),
        "objected": N_("The unit says that another one is responsible. This is being decided."),
        "accepted": N_("The unit accepted it and begins soon."),
        "handling": N_("The unit is working on it."),
        "waiting_asker": N_("You were asked for more. The clock stands still until you answer."),
        "waiting_external": N_("Somebody outside has to do something first. The clock stands still."),
        "answered": N_("The unit answered. Please read it and rate it."),
        "reopen_requested": N_("It was said that it is not solved. A person decides within one working day."),
        "withdrawn": N_("It was taken back."),
        "solved": N_("Closed as solved, with evidence."),
        "explained": N_("Closed with an explanation: it cannot be done, and the legal ground is named."),
        "not_ours": N_("Closed here: it was handed over to whoever is responsible."),
        "unreachable": N_("Closed because the answer you were asked for did not come in time."),
    }
)
"""What a state, or the way a case was closed, means to its asker."""

_LATE = ("overdue", "very_late")
_CLOCK = {
    ClockEffect.PAUSE: "pause",
    ClockEffect.RESUME: "run",
    ClockEffect.STOP: "stop",
    ClockEffect.REVIVE: "run",
    ClockEffect.REMEDY: "run",
}
SOMEBODY = N_("The unit")


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry as the macro `timeline` draws it."""

    at: datetime
    title: str
    detail: str
    mark: str | None
    clock: str | None
    clock_text: str | None = None


def means(state: str, closing_kind: str | None) -> str:
    """How it stands, in one sentence."""
    return translated(MEANS[closing_kind if state == "closed" and closing_kind else state])


def clock_words(clock: ClockRow, *, unanswered: bool = False) -> str:
    """What stands beside the due date; `unanswered`: the case ended without an answer."""
    if unanswered:
        return translated(N_("was the due date; the clock has stopped"))
    if clock.stopped_at is not None:
        return translated(
            N_("was the due date; answered in time") if clock.met else N_("was the due date; answered late")
        )
    if clock.paused_at is not None:
        return translated(N_("was the due date; the clock stands still, so it will be later"))
    if clock.stage in _LATE:
        return translated(N_("was the due date: it is overdue"))
    return translated(N_("is the due date for an answer"))


def story(entries: Iterable[EntryRow]) -> list[Moment]:
    """The entries an asker is told of, oldest first."""
    return [_moment(entry) for entry in entries if entry.act in TOLD]


def _moment(entry: EntryRow) -> Moment:
    title = translated(TOLD[entry.act], unit=entry.unit or translated(SOMEBODY))
    return Moment(entry.at, title, _detail(entry), _mark(entry), clock_of(entry), _clock_text(entry.details))


def _detail(entry: EntryRow) -> str:
    return " ".join(part for part in (_reason(entry), entry.note) if part)


def _reason(entry: EntryRow) -> str:
    if entry.act == "not_accepted" and entry.reason_code:
        return translated(N_("Reason: %(reason)s."), reason=term(entry.reason_code, "not_accepted_reason"))
    kind = entry.details.get("kind")
    if entry.act == "closed" and isinstance(kind, str):
        return term(kind, "closing_kind")
    tier = entry.details.get("tier")
    if entry.act in ("screened", "tier_changed") and isinstance(tier, str) and tier != "first_ask":
        return term(tier, "tier")
    return ""


def _mark(entry: EntryRow) -> str | None:
    if entry.act in _LATE:
        return "late"
    if entry.act == "closed" and entry.details.get("kind") == "solved":
        return "solved"
    return "key" if entry.target and entry.source != entry.target else None


def clock_of(entry: EntryRow) -> str | None:
    """What it did to the clock: `run`, `pause`, `extend`, `stop` or nothing."""
    if entry.act == "filed":
        return "run"
    if entry.act == "extension_approved":
        return "extend"
    if not (entry.source and entry.target):
        return None
    try:
        return _CLOCK.get(check(CaseState(entry.source), CaseState(entry.target)).clock)
    except Refused:
        return None


def _clock_text(details: dict[str, Any]) -> str | None:
    day = details.get("proposed_day")
    if not isinstance(day, str):
        return None
    return translated(N_("Moved to %(date)s"), date=long_date(date.fromisoformat(day)))
