"""The public's pages of notices: the list and one notice, which prints on a sheet."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.kernel.errors import NotFound
from portal.kernel.series import NOTICE
from portal.kernel.words import N_
from portal.ledger.queries import versions
from portal.notices import queries
from portal.notices.service.publishing import KIND
from portal.notices.workflow import NoticeKind
from portal.web.access import public
from portal.web.database import reader
from portal.web.markdown import drawn
from portal.web.rendering import shared_page

blueprint = Blueprint("notices", __name__, url_prefix="/notices")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST = 2**53


@blueprint.get("")
@public
def index() -> Response:
    """Every notice, newest first; one kind of them if asked for."""
    kind = request.args.get("kind", "")
    kind = kind if kind in list(NoticeKind) else ""
    after = _cursor(request.args.get("after", ""))
    found = queries.published(reader(), kind, after)
    rows = found[: queries.PAGE]
    further = len(found) > queries.PAGE
    chosen: dict[str, Any] = {"kind": kind} if kind else {}
    return shared_page(
        "notices/index.html",
        rows=rows,
        kind=kind,
        kinds=[(code.value, url_for(".index", kind=code.value)) for code in NoticeKind],
        all_url=url_for(".index"),
        next_url=url_for(".index", **chosen, after=_written(rows[-1])) if further else None,
        first_url=url_for(".index", **chosen) if after else None,
    )


@blueprint.get("/<ref>")
@public
def notice(ref: str) -> Response:
    """One notice, with what it corrects or what corrects it, and its place on the record."""
    found = queries.page_of(reader(), NOTICE.same(ref) or ref[:20])
    if found is None:
        raise NotFound("no_notice", N_("There is no notice with this number."))
    acts = versions(reader(), KIND, found.ref)
    return shared_page(
        "notices/notice.html", notice=found, body=drawn(found.body), act=acts[0], acts=len(acts)
    )


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
