"""The public's pages of commitments: the list, one with its whole history, its files."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.commitments import sources
from portal.commitments.asked import DUES, STATES, CommitmentFilter, parse
from portal.commitments.queries import public as queries
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.series import COMMITMENT
from portal.kernel.words import N_
from portal.ledger.queries import versions
from portal.publishing import names
from portal.publishing.offers import options
from portal.publishing.queries.choices import Choices, load
from portal.web import uploads
from portal.web.access import public
from portal.web.database import database, reader, settings
from portal.web.filters import term
from portal.web.rendering import shared_page
from portal.web.words import _

blueprint = Blueprint("commitments", __name__)
LIST = "/commitments"
LEDGER_KIND = "commitment"


@blueprint.get(LIST)
@public
def commitments() -> Response:
    """Published commitments: filtered, the newest first, or by day."""
    asked, today, db = parse(request.args), _today(), reader()
    choices = load(db, database().version())
    unit_id = choices.number("unit", asked.unit) if asked.unit else None
    unknown = bool(asked.unit) and unit_id is None
    found = queries.Listing((), 0, None) if unknown else queries.find(db, asked, unit_id, today)
    response = shared_page(
        "commitments/index.html",
        regions=("results",),
        asked=asked,
        found=found,
        most=queries.MOST_COUNTED,
        today=today,
        choices=choices,
        options=options,
        named=names.choice,
        states=[("", _("All")), *((code, _state(code)) for code in STATES)],
        dues=[("", _("Any day")), *((code, _due(code)) for code in DUES)],
        chips=[(_chip(name, asked, choices), _address(asked.without(name))) for name in asked.chosen()],
        next_url=_address(replace(asked, after=found.next)) if found.next else None,
        first_url=_address(replace(asked, after=None)) if asked.after else None,
        clear_url=LIST,
    )
    if request.headers.get("HX-Request"):
        response.headers["HX-Push-Url"] = _address(asked)
    return response


@blueprint.get(f"{LIST}/<ref>")
@public
def commitment(ref: str) -> Response:
    """One commitment: who, how, by when; everything that happened, with every difference; its record."""
    db = reader()
    found = queries.page(db, ref) if COMMITMENT.same(ref) == ref else None
    if found is None:
        raise NotFound("no_commitment", N_("There is no commitment with this number."))
    return shared_page(
        "commitments/commitment.html",
        c=found.row,
        found=found,
        choices=load(db, database().version()),
        unit=names.unit,
        cases=queries.cases(db, found.case_refs),
        place=sources.place_of(db, found.source_kind, found.source_id),
        versions=versions(db, LEDGER_KIND, found.row.ref),
        today=_today(),
    )


@blueprint.get(f"{LIST}/<ref>/files/<int:number>")
@public
def file(ref: str, number: int) -> Response:
    """A published picture or paper."""
    known = COMMITMENT.same(ref) == ref and number < 2**53
    found = queries.file_of(reader(), ref, number) if known else None
    if found is None:
        raise NotFound("no_file", N_("This file is not here any more."))
    response = uploads.send(settings(), found.stored_as, found.media_type, found.name)
    # A browser asks again each time, so an erased file is gone at once.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _today() -> date:
    return clock.local_date(clock.now(), settings().timezone)


def _address(asked: CommitmentFilter) -> str:
    query = urlencode(asked.address())
    return f"{LIST}?{query}" if query else LIST


def _state(code: str) -> str:
    return _("Running") if code == "open" else term(code, "commitment_state")


def _due(code: str) -> str:
    return {"overdue": _("Overdue"), "soon": _("Due within a week")}[code]


def _chip(name: str, asked: CommitmentFilter, choices: Choices) -> str | Markup:
    if name == "unit":
        return names.choice(choices.get("unit", asked.unit)) or asked.unit
    return _state(asked.state) if name == "state" else _due(asked.due)
