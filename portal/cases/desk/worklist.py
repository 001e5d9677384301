"""The worklist: filters, chosen conditions, one page of rows."""

from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal import glossary
from portal.cases import offers
from portal.cases.desk import blueprint
from portal.cases.desk.reading import calendar, indented, lists, seen, side, worklist_url
from portal.cases.queries.filters import ANY, ENDED, EXTENSION_ASKED, OPEN, REFUSAL_OBJECTED, Filter, parse
from portal.cases.queries.worklist import MOST_COUNTED, worklist
from portal.web.access import requires
from portal.web.database import reader
from portal.web.filters import long_date, term, translated
from portal.web.rendering import page
from portal.web.words import _


@blueprint.get("/cases", endpoint="worklist")
@requires("case.read")
def worklist_page() -> Response:
    """Cases by filter."""
    wanted = parse(request.args)
    here = seen()
    found = worklist(reader(), here, wanted, lists(), calendar())
    return page(
        "cases/worklist.html",
        regions=("results",),
        wanted=wanted,
        page=found,
        most=MOST_COUNTED,
        next_url=worklist_url(wanted.but(after=found.next_after)) if found.next_after else None,
        previous_url=worklist_url(wanted.but(before=found.previous_before))
        if found.previous_before
        else None,
        chips=[(label, worklist_url(wanted.without(name))) for name, label in chosen(wanted)],
        sorts=[
            (label, worklist_url(wanted.but(sort=name)), name == wanted.sort_in_force)
            for name, label in _sorts().items()
        ],
        options=options(everywhere=bool(wanted.q)),
        next_in_row=offers.next_in_row,
        side=side(),
        filter_query=wanted.saved_query(),
        bulk_url=url_for("case_desk.assignments"),
    )


def _sorts() -> dict[str, str]:
    return {
        "due": _("Due date"),
        "newest": _("Newest"),
        "oldest": _("Oldest"),
        "changed": _("Last changed"),
    }


def options(*, everywhere: bool = False) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, label), the empty one first."""
    found = lists()
    nothing = ("", _("All"))
    return {
        "state": _states(everywhere),
        "stage": [nothing, ("overdue", term("overdue", "stage")), ("due_soon", term("due_soon", "stage"))],
        "handler": [nothing, ("me", _("Me")), ("nobody", _("Nobody yet"))],
        "unit": [nothing, *indented(found.units)],
        "category": [nothing, *indented(found.categories)],
        "area": [nothing, *indented(found.areas)],
        "channel": [nothing, *indented(found.channels)],
        "tier": [nothing, *_labelled("tier")],
        "kind": [nothing, *_labelled("appeal_kind")],
    }


def _states(everywhere: bool) -> list[tuple[str, str]]:
    """Without a choice open cases are listed; whoever looks for words looks everywhere."""
    both = (("", _("Open and ended")), (OPEN, _("Open (all)")))
    open_only = (("", _("Open (all)")), (ANY, _("Open and ended")))
    return [
        *(both if everywhere else open_only),
        (ENDED, _("Ended (all)")),
        *_labelled("case_state"),
        (REFUSAL_OBJECTED, _("Refusal objected to")),
        (EXTENSION_ASKED, _("More time requested")),
    ]


def _labelled(group: str) -> list[tuple[str, str]]:
    return [(code, translated(label)) for code, label in glossary.choices(group)]


def chosen(wanted: Filter) -> list[tuple[str, str]]:
    """(name, words) of what narrows the list."""
    offered: dict[str, dict[str, str]] = {name: dict(rows) for name, rows in options().items()}
    return [(name, _words(name, text, offered)) for name, text in wanted.chosen()]


def _words(name: str, text: str, offered: dict[str, dict[str, Any]]) -> str:
    match name:
        case "q":
            return _("Words: “%(words)s”", words=text)
        case "mine":
            return _("Waiting for me")
        case "received_from":
            return _("From %(date)s", date=long_date(date.fromisoformat(text)))
        case "received_to":
            return _("Until %(date)s", date=long_date(date.fromisoformat(text)))
        case "state" if text in (OPEN, ANY):
            return _("Open (all)") if text == OPEN else _("Open and ended")
        case "handler" if text.isdecimal():
            return _("One handler")
    label = offered.get(name, {}).get(text, text).strip("\u3000")
    return _("Handler: %(name)s", name=label) if name == "handler" else label
