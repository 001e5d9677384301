"""What every page of the desk reads first: who looks when, the lists to choose from, the calendar, the side column."""

from collections.abc import Callable
from typing import Any

from flask import g, request, url_for

from portal.cases.offers import DECIDES_OBJECTION
from portal.cases.queries.choices import Choice, Choices, choices
from portal.cases.queries.conditions import Seen
from portal.cases.queries.filters import Filter, parse, parse_query
from portal.cases.queries.start import MOST_AT_SIDE, counts, saved_filters
from portal.deadlines.queries import load_calendar
from portal.kernel import clock
from portal.kernel.errors import Invalid
from portal.kernel.words import N_
from portal.kernel.workdays import Calendar
from portal.web import menus
from portal.web.access import current_actor
from portal.web.database import reader, settings
from portal.web.forms import Form
from portal.web.locale import current
from portal.web.words import _

Group = tuple[str, list[dict[str, Any]]]


def seen() -> Seen:
    """Who looks, when, and where the city is."""
    return Seen(current_actor(), clock.now(), settings().timezone)


def lists() -> Choices:
    """Units, categories, areas and channels; read once per request."""
    if "case_choices" not in g:
        g.case_choices = choices(reader(), seen().today)
    found: Choices = g.case_choices
    return found


def calendar() -> Calendar:
    """The calendar in force."""
    if "calendar" not in g:
        g.calendar = load_calendar(reader())
    found: Calendar = g.calendar
    return found


def indented(rows: tuple[Choice, ...]) -> list[tuple[str, str]]:
    """(code, name) for a select; what lies below another row is moved in."""
    depth: dict[int, int] = {}
    for row in rows:
        depth[row.id] = depth.get(row.parent_id or 0, -1) + 1
    return [(row.code, "\u3000" * depth[row.id] + row.named(current())) for row in rows if row.usable]


def indented_by_id(rows: tuple[Choice, ...]) -> list[tuple[int, str]]:
    """(number, name) for a select of a form."""
    usable = [row for row in rows if row.usable]
    return [(row.id, name) for row, (_code, name) in zip(usable, indented(rows), strict=True)]


Item = tuple[str, Filter, str | None]
"""Label, filter, tone of a count that is not zero."""


def _decided() -> list[tuple[tuple[str, ...], Item]]:
    """What is to be decided: whoever has one of the permissions, and the filter."""
    return [
        (("case.screen",), (_("To screen"), Filter(state="submitted"), None)),
        (("case.assign",), (_("To assign"), Filter(state="screened"), None)),
        (DECIDES_OBJECTION, (_("Objections to decide"), Filter(state="objected"), None)),
        (("case.decide_reopening",), (_("Reopenings to decide"), Filter(state="reopen_requested"), None)),
        (("case.uphold_objection",), (_("Refusals objected to"), Filter(state="refusal_objected"), None)),
        (("case.extend_approve",), (_("Requests for more time"), Filter(state="extension"), None)),
    ]


def _fixed(has: Callable[[str], bool]) -> list[tuple[str, list[Item]]]:
    """The filters that stand ready, by heading."""
    mine: list[Item] = [
        (_("Waiting for me"), Filter(mine=True), None),
    ]
    everything: list[Item] = [
        (_("Overdue"), Filter(stage="overdue"), "red"),
        (_("Due soon"), Filter(stage="due_soon"), "amber"),
    ]
    if has("case.accept"):
        mine.append((_("To accept"), Filter(state="assigned"), None))
        mine.append((_("Handled by me"), Filter(handler="me"), None))
    decided = [item for permissions, item in _decided() if any(map(has, permissions))]
    return [(_("Mine"), mine), (_("To decide"), decided), (_("All open cases"), everything)]


def side() -> list[Group]:
    """The side column: fixed filters, one's own, and what other features add; with capped counts."""
    here = seen()
    if not here.actor.has("case.read"):
        return _added()
    db = reader()
    fixed = _fixed(here.actor.has)
    own: list[Item] = [
        (row.name, parse_query(row.query), None) for row in saved_filters(db, here.actor.person_id or 0)
    ]
    groups: list[tuple[str, list[Item]]] = [*fixed, (_("My filters"), own)]
    found = iter(counts(db, here, [wanted for _h, rows in groups for _l, wanted, _t in rows], lists()))
    drawn = [(heading, [_item(row, next(found)) for row in rows]) for heading, rows in groups if rows]
    return drawn + _added()


def _item(row: Item, count: int) -> dict[str, Any]:
    label, wanted, tone = row
    url = worklist_url(wanted)
    shown = f"{MOST_AT_SIDE}+" if count > MOST_AT_SIDE else count
    here = request.path == url_for("case_desk.worklist") and _present() == wanted.saved_query()
    return {"label": label, "url": url, "count": shown, "current": here, "tone": tone}


def _present() -> str:
    return parse(request.args).saved_query()


def _added() -> list[Group]:
    """Groups of other features: panels of the place `desk_side` whose context holds `groups`."""
    here = seen()
    found: list[Group] = []
    for panel in menus.panels("desk_side"):
        context = panel.load(reader(), here.now, here.actor)
        found.extend(context["groups"] if context else [])
    return found


def worklist_url(wanted: Filter) -> str:
    """The address of the worklist with this filter."""
    query = wanted.query()
    return url_for("case_desk.worklist") + (f"?{query}" if query else "")


def check_token() -> None:
    """Refuse a post without the token of our own page; for buttons that send nothing else."""
    if not Form().validate():
        raise Invalid(
            "stale_page", N_("This page was open too long. Go back, load it again and try once more.")
        )


def named(kind: str, number: int | None, fallback: str) -> str:
    """The name of a unit, category or area in the reader's language; `fallback` is the one at hand."""
    if current() != "en" or number is None:
        return fallback
    rows = {"unit": lists().units, "category": lists().categories, "area": lists().areas}[kind]
    found = next((row for row in rows if row.id == number), None)
    return (found.name_en if found else "") or fallback


def channel_named(name: str) -> str:
    """A channel in the reader's language, by the name it stands under with the case."""
    if current() != "en":
        return name
    found = next((row for row in lists().channels if row.name == name), None)
    return (found.name_en if found else "") or name
