"""The public's pages of cases: the list, a case, its versions, its files. None of them reads a table of `cases`."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.ledger.queries import versions
from portal.publishing import names, verdicts, wording
from portal.publishing.offers import options
from portal.publishing.queries import listing, page
from portal.publishing.queries.choices import Choices, load
from portal.publishing.rules import (
    CLOSED,
    MOST_COUNTED,
    NEWEST,
    CaseFilter,
    is_reference,
    is_too_short,
    parse,
    receipt_of,
)
from portal.web import uploads
from portal.web.access import public
from portal.web.database import database, reader, settings
from portal.web.filters import long_date, term
from portal.web.locale import current
from portal.web.rendering import page as drawn
from portal.web.rendering import shared_page
from portal.web.words import _

blueprint = Blueprint("publishing", __name__)
LIST = "/cases"
LEDGER_KIND = "case"


@blueprint.get(LIST)
@public
def cases() -> Response:
    """Published cases: filtered, searched, newest first."""
    asked, today = parse(request.args), _today()
    db = reader()
    choices = load(db, database().version())
    found = listing.find(db, asked, choices, today)
    response = shared_page(
        "publishing/cases.html",
        regions=("results",),
        asked=asked,
        found=found,
        most=MOST_COUNTED,
        today=today,
        choices=choices,
        options=options,
        named=names.choice,
        chips=_chips(asked, choices),
        sorts=_sorts(asked),
        next_url=_address(asked, after=found.next) if found.next else None,
        first_url=_address(asked) if asked.after else None,
        clear_url=LIST,
        too_short=is_too_short(asked.words),
        site_query=asked.words,
        receipt=receipt_of(asked.words),
        counted=_counted(asked),
    )
    if request.headers.get("HX-Request"):
        # A form sends its empty fields too; the address that is shared has none.
        response.headers["HX-Push-Url"] = _address(asked, after=asked.after)
    return response


@blueprint.get(f"{LIST}/<ref>")
@public
def case(ref: str) -> Response:
    """One case: problem, reply, gates, clock, what happened, ratings, record."""
    found = _found(ref)
    if not found.visible:
        return _gone(found)
    choices, today = load(reader(), database().version()), _today()
    return shared_page(
        "publishing/case.html",
        case=found,
        choices=choices,
        unit_name=names.unit,
        channel=_channel(found),
        entries=wording.entries(found, choices),
        clock=wording.clock(found, today),
        gates=verdicts.gates(found),
        verdict=verdicts.verdict(found),
        fingerprint=" ".join(found.fingerprint[at : at + 4] for at in range(0, 16, 4)),
        today=today,
    )


@blueprint.get(f"{LIST}/<ref>/versions")
@public
def case_versions(ref: str) -> Response:
    """Every act of publication of a case, with what could be read then; the hash stays when the text had to go."""
    found = _found(ref)
    acts = versions(reader(), LEDGER_KIND, found.ref)
    return shared_page("publishing/versions.html", case=found, versions=acts)


@blueprint.get(f"{LIST}/<ref>/files/<int:file_id>")
@public
def case_file(ref: str, file_id: int) -> Response:
    """A released file."""
    found = page.file_of(reader(), ref, file_id) if is_reference(ref) and file_id < 2**53 else None
    if found is None:
        raise NotFound("no_file", N_("This file is not here any more."))
    response = uploads.send(settings(), found.stored_as, found.media_type, found.name)
    # A browser asks again each time, so a withdrawn file is gone at once.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _found(ref: str) -> page.CasePage:
    found = page.case_page(reader(), ref) if is_reference(ref) else None
    if found is None:
        raise NotFound("no_case", N_("There is no published case with this number."))
    return found


def _gone(found: page.CasePage) -> Response:
    """The tombstone: it was here, it is gone, and why."""
    return make_response(drawn("publishing/withdrawn.html", case=found), 410)


def _counted(asked: CaseFilter) -> int:
    """What the front page counts of this list, published or not; 0 where it has no such figure."""
    match asked.chosen():
        case ():
            name = "received"
        case ("outcome",):
            name = asked.outcome
        case ("tier",):
            name = asked.tier
        case _:
            return 0
    return listing.counted(reader(), name) if asked.after is None else 0


def _channel(found: page.CasePage) -> str | Markup:
    english = found.facts.get("channel_en") if current() == "en" else ""
    return english or names.marked(found.facts.get("channel", ""))


def _today() -> date:
    return clock.local_date(clock.now(), settings().timezone)


def _address(asked: CaseFilter, after: tuple[int, int] | None = None, **changes: Any) -> str:
    query = urlencode(replace(asked, after=after, **changes).address())
    return f"{LIST}?{query}" if query else LIST


def _sorts(asked: CaseFilter) -> list[tuple[str, str, bool]]:
    labels = ((NEWEST, _("Newest published")), (CLOSED, _("Recently closed")))
    return [(label, _address(asked, sort=code), asked.sort == code) for code, label in labels]


def _chips(asked: CaseFilter, choices: Choices) -> list[tuple[Markup, str]]:
    return [
        (Markup.escape(_label(name, asked, choices)), _address(asked.without(name)))
        for name in asked.chosen()
    ]


def _label(name: str, asked: CaseFilter, choices: Choices) -> str | Markup:
    match name:
        case "q":
            return _("Words: %(words)s", words=asked.words)
        case "from":
            return _("Received from %(day)s", day=long_date(asked.since))
        case "to":
            return _("Received until %(day)s", day=long_date(asked.until))
        case "tier":
            return term(asked.tier, "tier")
        case "outcome":
            return outcome_label(asked.outcome)
    return names.choice(choices.get(name, getattr(asked, name))) or getattr(asked, name)


def outcome_label(code: str) -> str:
    """The words of an outcome; "closed" alone is none."""
    own = {"open": _("In progress"), "overdue": _("Overdue")}
    return own.get(code) or term(code, "closing_kind")
