"""The public's pages of outcomes: the list and one outcome, which prints on a sheet."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.identity.models import Unit
from portal.kernel.errors import NotFound
from portal.kernel.series import OUTCOME
from portal.kernel.words import N_
from portal.ledger.queries import versions
from portal.outcomes import queries
from portal.outcomes.service.publishing import KIND
from portal.outcomes.workflow import OutcomeKind
from portal.web.access import public
from portal.web.database import reader
from portal.web.markdown import drawn
from portal.web.rendering import shared_page

blueprint = Blueprint("outcomes", __name__, url_prefix="/outcomes")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST = 2**53


@blueprint.get("")
@public
def index() -> Response:
    """Every outcome, newest first; one kind of them, or one unit's, if asked for."""
    kind = request.args.get("kind", "")
    kind = kind if kind in list(OutcomeKind) else ""
    unit = queries.unit(reader(), request.args.get("unit", "")[:80])
    found = queries.published(
        reader(), kind, unit.id if unit else None, _cursor(request.args.get("after", ""))
    )
    rows = found[: queries.PAGE]
    further = len(found) > queries.PAGE
    return shared_page(
        "outcomes/index.html",
        rows=rows,
        kind=kind,
        unit=unit,
        kinds=[(code.value, _list(code.value, unit)) for code in OutcomeKind],
        all_url=_list("", unit),
        every_unit_url=_list(kind, None),
        next_url=_list(kind, unit, after=_written(rows[-1])) if further else None,
        first_url=_list(kind, unit) if request.args.get("after") else None,
    )


@blueprint.get("/<ref>")
@public
def outcome(ref: str) -> Response:
    """One outcome, the published cases it came out of, and its place on the record."""
    db = reader()
    found = queries.page_of(db, OUTCOME.same(ref) or ref[:20])
    if found is None:
        raise NotFound("no_outcome", N_("There is no outcome with this number."))
    acts = versions(db, KIND, found.ref)
    cases = [] if found.withdrawn_at else queries.public_cases(db, found.id)
    return shared_page(
        "outcomes/outcome.html", outcome=found, body=drawn(found.body), cases=cases, act=acts[0]
    )


def _list(kind: str, unit: Unit | None, **more: Any) -> str:
    chosen: dict[str, Any] = {"kind": kind or None, "unit": unit.slug if unit else None}
    return url_for(".index", **chosen, **more)


def _written(row: queries.Line) -> str:
    return f"{(row.published_at - _EPOCH) // _MICROSECOND}-{row.id}"


def _cursor(value: str) -> tuple[datetime, int] | None:
    """Where a list goes on; what is no such place is the beginning."""
    first, _dash, second = value[:40].partition("-")
    if not (first.isascii() and first.isdigit() and second.isascii() and second.isdigit()):
        return None
    moment, number = int(first), int(second)
    if not (moment < _LARGEST and number < _LARGEST):
        return None
    return _EPOCH + moment * _MICROSECOND, number
