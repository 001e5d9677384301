"""History and clock of a case in words, for its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from portal.cases.queries.case_time import ClockLine, HistoryLine
from portal.cases.queries.conditions import Seen
from portal.deadlines.days import DayCell, Run, day_cells, used
from portal.deadlines.values import StepCode
from portal.kernel.clock import local_date
from portal.kernel.workdays import Calendar
from portal.web.filters import long_date, term
from portal.web.words import _, ngettext


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the macro `timeline` draws it."""

    at: datetime
    title: str
    detail: Markup
    mark: str | None
    clock: str | None
    clock_text: str | None = None


def entries(lines: Iterable[HistoryLine]) -> list[Entry]:
    """The history in words."""
    return [
        Entry(line.at, term(line.act, "act"), _detail(line), line.mark, line.clock, _clock_text(line))
        for line in lines
    ]


def _detail(line: HistoryLine) -> Markup:
    who = line.who or (term(line.actor_kind, "actor_kind") if line.actor_kind != "public" else "")
    unit = line.unit if line.actor_kind != "asker" else ""  # whose turn it was, not whose person
    head = " · ".join(part for part in (who, unit) if part)
    rest = [*_reason(line), *_facts(line)]
    if line.note:
        shown = _("The asker can read this: %(text)s") if line.for_asker else "%(text)s"
        rest.append(shown % {"text": line.note} if line.for_asker else line.note)
    return Markup("<br>").join([part for part in (head, *rest) if part])


def _reason(line: HistoryLine) -> list[str]:
    if not line.reason_code:
        return []
    for group in ("not_accepted_reason", "closing_kind", "satisfaction_exception"):
        label = term(line.reason_code, group)
        if label != line.reason_code:
            return [_("Reason: %(reason)s", reason=label)]
    return []  # what the portal noted for itself


def _facts(line: HistoryLine) -> list[str]:
    """What the details say to people: kinds, tiers, dates, the number of a slip."""
    details = line.details
    match line.act:
        case "screened":
            return [" · ".join((term(details.get("kind"), "appeal_kind"), term(details.get("tier"), "tier")))]
        case "answered":
            return [_("Means to close as: %(kind)s", kind=term(details.get("kind"), "closing_kind"))]
        case "closed" if details.get("exception"):
            return [term(details["exception"], "satisfaction_exception")]
        case "tier_changed":
            return [f"{term(details.get('before'), 'tier')} → {term(details.get('after'), 'tier')}"]
        case "due_changed" | "extension_approved":
            return [" → ".join(filter(None, (_date(details, "before"), _date(details, "after"))))]
        case "extension_requested":
            return [_("until %(date)s", date=_date(details, "proposed"))]
        case "rated":
            return [term(details.get("result"), "rating")]
        case "called_back":
            return [term("satisfied" if details.get("satisfied") else "dissatisfied", "rating")]
    return [details["document_number"]] if "document_number" in details else []


def _date(details: dict[str, Any], name: str) -> str:
    kept = details.get(name)
    return long_date(date.fromisoformat(kept)) if isinstance(kept, str) else ""


def _clock_text(line: HistoryLine) -> str | None:
    return _("Moved to %(date)s", date=_date(line.details, "after")) if line.clock == "extend" else None


@dataclass(frozen=True, slots=True)
class ClockView:
    """The case's own clock for its page: the sum, what it says, day by day."""

    line: ClockLine
    sum: str
    words: str
    days: list[DayCell]
    ended: str
    """How a stopped clock ended, beside its date; empty while it is not over."""


def clock_view(line: ClockLine, seen: Seen, calendar: Calendar, unanswered: str = "") -> ClockView:
    """The clock as the macro `clock` draws it; day by day only if it counts days.

    `unanswered`: the case ended without an answer, and how in words, so that no clock was kept or missed.
    """
    run = _run(line, seen)
    cells = day_cells(run, calendar)
    spent, allowed = used(cells), _allowed(line, cells)
    if line.unit == "hours" or not cells:
        return ClockView(line, long_date(line.due_day), _("due"), [], _ended(line, unanswered))
    words = _words(line, spent, allowed, unanswered)
    return ClockView(line, f"{spent} / {allowed}", words, cells, _ended(line, unanswered))


def _ended(line: ClockLine, unanswered: str) -> str:
    if not line.stopped_at:
        return ""
    if unanswered:
        return _("stopped: %(how)s", how=unanswered)
    return _("answered in time") if line.in_time else _("answered late")


def _allowed(line: ClockLine, cells: list[DayCell]) -> int:
    """The days of the limit, with what an extension gave."""
    if line.unit != "hours" and not line.extended:
        return line.amount
    return sum(cell.kind in ("run", "extended", "left") for cell in cells)


def _run(line: ClockLine, seen: Seen) -> Run:
    def local(moment: datetime) -> date:
        return local_date(moment, seen.zone)

    pauses = [(local(since), local(until)) for since, until in line.pauses]
    if line.paused_at:
        pauses.append((local(line.paused_at), seen.today))
    before = next((step.day for step in line.steps if step.code is StepCode.EXTEND), None)
    return Run(
        local(line.started_at),
        line.due_day,
        local(line.stopped_at or seen.now),
        before,
        tuple(pauses),
        every_day=line.unit == "days",
    )


def _words(line: ClockLine, spent: int, allowed: int, unanswered: str) -> str:
    """What the sum means; limits in calendar days are told as such."""
    days = _("calendar days used") if line.unit == "days" else _("working days used")
    if line.paused_at and not line.stopped_at:
        return _("%(days)s; the clock stands still", days=days)
    if not line.stopped_at:
        return days
    if unanswered:
        return _("%(days)s; stopped: %(how)s", days=days, how=unanswered)
    if line.in_time and line.extended:
        return _("%(days)s, in time after more time was granted", days=days)
    if line.in_time:
        return _("%(days)s, in time", days=days)
    late = max(1, spent - allowed)
    return ngettext("%(days)s, %(num)s day late", "%(days)s, %(num)s days late", late, days=days)
