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
    head = " · ".join(part for part in (who, line.unit) if part)
    rest = [*_reason(line), *_facts(line.details)]
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
    return [_("Reason: %(reason)s", reason=line.reason_code)]


_SHOWN = {"tier": "tier", "from_tier": "tier", "kind": "appeal_kind", "closing_kind": "closing_kind"}


def _facts(details: dict[str, Any]) -> list[str]:
    """Codes and dates of the details that say something to people."""
    found = [
        term(details[name], group) for name, group in _SHOWN.items() if isinstance(details.get(name), str)
    ]
    if isinstance(number := details.get("document_number"), str):
        found.append(number)
    return [" · ".join(found)] if found else []


def _clock_text(line: HistoryLine) -> str | None:
    if line.clock == "extend" and isinstance(day := line.details.get("proposed_day"), str):
        return _("Moved to %(date)s", date=long_date(date.fromisoformat(day)))
    return None


@dataclass(frozen=True, slots=True)
class ClockView:
    """The case's own clock for its page: the sum, what it says, day by day."""

    line: ClockLine
    sum: str
    words: str
    days: list[DayCell]


def clock_view(line: ClockLine, seen: Seen, calendar: Calendar) -> ClockView:
    """The clock as the macro `clock` draws it; day by day only if it counts working days."""
    run = _run(line, seen)
    cells = day_cells(run, calendar)
    spent, allowed = used(cells), sum(cell.kind != "over" and cell.kind != "paused" for cell in cells)
    if line.unit == "hours" or not cells:
        return ClockView(line, long_date(line.due_day), _("due"), [])
    return ClockView(line, f"{spent} / {allowed}", _words(line, spent, allowed), cells)


def _run(line: ClockLine, seen: Seen) -> Run:
    def local(moment: datetime) -> date:
        return local_date(moment, seen.zone)

    pauses = [(local(since), local(until)) for since, until in line.pauses]
    if line.paused_at:
        pauses.append((local(line.paused_at), seen.today))
    before = next((step.day for step in line.steps if step.code is StepCode.EXTEND), None)
    return Run(
        local(line.started_at), line.due_day, local(line.stopped_at or seen.now), before, tuple(pauses)
    )


def _words(line: ClockLine, spent: int, allowed: int) -> str:
    if line.stopped_at:
        if line.in_time:
            return _("working days used, in time")
        return ngettext(
            "working days used, %(num)s day late", "working days used, %(num)s days late", spent - allowed
        )
    if line.paused_at:
        return _("working days used; the clock stands still")
    return _("working days used")
