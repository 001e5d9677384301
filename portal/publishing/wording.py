"""A published case in the reader's words: its timeline and clock, from the codes of the projection."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from portal.deadlines.days import DayCell
from portal.deadlines.values import Step
from portal.kernel.words import N_
from portal.publishing.names import unit
from portal.publishing.queries.choices import Choices
from portal.publishing.queries.page import CasePage
from portal.publishing.values import PublicClock, PublicEntry
from portal.web.filters import long_date, term, translated
from portal.web.words import _, ngettext

ACTS = {
    "filed": N_("Appeal submitted"),
    "not_accepted": N_("The office did not accept it"),
    "refusal_objection_upheld": N_("The asker objected; the office took it up after all"),
    "assigned": N_("The office assigned it to %(unit)s"),
    "supporting_assigned": N_("%(unit)s was given a part of it"),
    "accepted": N_("%(unit)s took it on"),
    "rerouted": N_("The office handed it to %(unit)s"),
    "part_done": N_("%(unit)s finished its part"),
    "part_waived": N_("The part of %(unit)s was no longer needed"),
    "part_reopened": N_("The part of %(unit)s is open again"),
    "tier_changed": N_("Taken up in another way"),
    "due_changed": N_("The due date was counted anew"),
    "started": N_("%(unit)s began to work on it"),
    "asker_asked": N_("The asker was asked for more"),
    "asker_answered": N_("The asker gave more"),
    "waiting_external": N_("Waiting for somebody outside"),
    "resumed": N_("Work goes on"),
    "evidence_added": N_("Evidence added"),
    "answered": N_("%(unit)s answered"),
    "rated": N_("The asker rated the answer"),
    "closed": N_("It was closed: %(how)s"),
    "called_back": N_("A third person called the asker back"),
    "reopening_requested": N_("Somebody asked to open it again"),
    "reopened": N_("Opened again"),
    "reopening_refused": N_("It was decided not to open it again"),
    "merge_received": N_("Another appeal about the same matter joined"),
    "merge_lost": N_("A joined appeal was taken out again"),
    "split_from": N_("Split off from a mixed appeal"),
    "extension_approved": N_("More time, granted once"),
    "overdue": N_("Overdue"),
    "very_late": N_("Overdue by more than the whole limit"),
    "released": N_("Made public"),
    "corrected": N_("The publication was corrected"),
    "unpublished": N_("Taken off the public pages"),
}
"""How the acts read in public; with whose act it was, where that is a unit."""

_KEY = {"filed", "asker_answered", "tier_changed", "answered", "reopened", "merge_received"}
_LATE = {"overdue", "very_late"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as the macro `timeline` draws it."""

    at: datetime
    title: Markup
    detail: str
    mark: str | None
    clock: str | None
    clock_text: str | None = None


def entries(case: CasePage, choices: Choices) -> list[Entry]:
    """The timeline in words, oldest first."""
    return [_entry(line, case, choices) for line in case.timeline if line.get("act") in ACTS]


def _entry(line: PublicEntry, case: CasePage, choices: Choices) -> Entry:
    act = line["act"]
    named = unit(choices, line.get("unit")) or Markup.escape(_("the unit"))
    how = term(line.get("kind"), "closing_kind")
    # Not by gettext's own holes: the name of a unit may carry its language.
    title = Markup(translated(ACTS[act])) % {"unit": named, "how": how}
    until = line.get("until")
    moved = _("Moved to %(date)s", date=_long(until)) if until and line.get("clock") == "extend" else None
    return Entry(
        datetime.fromisoformat(line["at"]), title, _detail(line, case), _mark(line), line.get("clock"), moved
    )


def _mark(line: PublicEntry) -> str | None:
    if line["act"] == "closed" and line.get("kind") == "solved":
        return "solved"
    if line["act"] in _LATE:
        return "late"
    return "key" if line["act"] in _KEY else None


def _detail(line: PublicEntry, case: CasePage) -> str:
    return " · ".join(part for part in _details(line, case) if part)


def _details(line: PublicEntry, case: CasePage) -> Iterable[str]:
    act, count = line["act"], line.get("count")
    if act == "filed":
        yield term(case.kind, "appeal_kind")
    if number := line.get("number"):
        yield _("assignment slip %(number)s", number=number)
    if tier := line.get("tier"):
        yield term(tier, "tier")
    if count and act in ("answered", "evidence_added"):
        yield ngettext("%(num)s piece of evidence", "%(num)s pieces of evidence", count)
    if count and act == "merge_received":
        yield ngettext("%(num)s more asker", "%(num)s more askers", count)
    if act == "answered" and line.get("kind"):
        yield _("meant as: %(how)s", how=term(line["kind"], "closing_kind"))
    if (until := line.get("until")) and line.get("clock") != "extend":
        yield _("by %(date)s", date=_long(until))


def _long(day: str) -> str:
    return long_date(date.fromisoformat(day[:10]))


@dataclass(frozen=True, slots=True)
class ClockWords:
    """The clock as the macro `clock` draws it."""

    sum: str
    words: str
    days: list[DayCell]
    steps: list[Step]
    provisional: bool


def clock(case: CasePage, today: date) -> ClockWords | None:
    """The case's own clock; None where none ever ran."""
    kept = case.clock
    if not kept.get("due"):
        return None
    cells = [_cell(day, kind, kept, today) for day, kind in kept.get("days", ())]
    steps = [Step.from_dict(step) for step in kept.get("steps", ())]
    used, limit = kept.get("used"), kept.get("limit")
    if used is None or not limit:
        total, words = _long(kept["due"]), _due_words(kept)
    else:
        total = f"{used} / {limit}"
        words = _unanswered() if case.outcome == "unreachable" else _clock_words(kept, used, limit, today)
    return ClockWords(total, words, cells, steps, kept.get("provisional", False))


def _unanswered() -> str:
    return _("working days used; it stopped without an answer")


def _due_words(kept: PublicClock) -> str:
    """For limits in calendar days or hours: only the date is told."""
    if "stopped" not in kept:
        return _("due")
    late = date.fromisoformat(kept["stopped"]) > date.fromisoformat(kept["due"])
    return _("was the due date; answered late") if late else _("was the due date; answered in time")


def _cell(day: str, kind: str, kept: PublicClock, today: date) -> DayCell:
    there = date.fromisoformat(day)
    if kind in ("run", "extended") and "stopped" not in kept and there > today:
        return DayCell(there, "left")
    return DayCell(there, kind)  # type: ignore[arg-type]


def _clock_words(kept: PublicClock, used: int, limit: int, today: date) -> str:
    if "stopped" not in kept:
        if kept.get("paused"):
            return _("working days used; the clock stands still")
        if date.fromisoformat(kept["due"]) < today:
            return _("working days used, overdue since %(date)s", date=_long(kept["due"]))
        return _("working days used, due on %(date)s", date=_long(kept["due"]))
    if date.fromisoformat(kept["stopped"]) > date.fromisoformat(kept["due"]):
        late = max(used - limit, 1)
        return ngettext("working days used, %(num)s day late", "working days used, %(num)s days late", late)
    early = limit - used
    if kept.get("extensions"):
        return (
            ngettext(
                "working days used with the time granted more, %(num)s day early",
                "working days used with the time granted more, %(num)s days early",
                early,
            )
            if early > 0
            else _("working days used with the time granted more, in time")
        )
    if early > 0:
        return ngettext(
            "working days used, %(num)s day early", "working days used, %(num)s days early", early
        )
    return _("working days used, in time")
