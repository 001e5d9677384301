"""What belongs to a case and is fetched on its own: the asker's contact, files, assignment slips."""

from dataclasses import asdict
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.cases.desk import blueprint
from portal.cases.desk.case import draw, find
from portal.cases.desk.reading import check_token
from portal.cases.queries.case_words import FileLine, stored_file
from portal.cases.queries.slip import slip as read_slip
from portal.cases.service.contacting import show_contact
from portal.kernel import clock
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_
from portal.web import uploads
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings, transaction
from portal.web.filters import file_size
from portal.web.locale import current
from portal.web.rendering import page
from portal.web.words import _


@blueprint.post("/cases/<ref>/contact")
@requires("appeal.contact")
def contact(ref: str) -> Response:
    """Show how to reach an asker. An answer to a POST, so that nobody comes to it by going back."""
    head = find(ref)
    check_token()
    number = request.form.get("appeal_id", "")
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise Invalid("appeal", N_("Choose from the list."))
    with transaction() as db:
        found = show_contact(db, clock.now(), current_actor(), head.id, int(number))
    return draw(find(ref), contact={"appeal_id": int(number), **asdict(found)})


@blueprint.get("/cases/<ref>/files/<int:file_id>")
@requires("case.read")
def file(ref: str, file_id: int) -> Response:
    """A file of the case or of an appeal it answers."""
    found = stored_file(reader(), find(ref).id, file_id)
    if found is None:
        raise NotFound("no_file", N_("This file is not here any more."))
    return uploads.send(settings(), found.stored_as, found.media_type, found.name)


def as_file(line: FileLine, ref: str) -> dict[str, Any]:
    """A file as the macro `files` draws it."""
    kind = line.media_type.rpartition("/")[2].upper()
    return {
        "name": line.caption or line.name,
        "url": url_for("case_desk.file", ref=ref, file_id=line.id),
        "note": f"{kind}, {file_size(line.size)}",
    }


@blueprint.get("/cases/<ref>/slips/<int:number>")
@requires("case.read")
def slip(ref: str, number: int) -> Response:
    """An assignment slip, to be printed on one page."""
    head = find(ref)
    found = read_slip(reader(), head.id, number)
    if found is None:
        raise NotFound("no_slip", N_("There is no such slip."))
    address = settings().base_url.rstrip("/") + url_for("case_desk.case", ref=ref)
    response = page(
        "cases/slip.html",
        case=head,
        slip=found,
        qr=_qr(address),
        address=address,
        office=_office(),
        back_url=url_for("case_desk.case", ref=ref),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _office() -> str:
    names, here = settings(), current()
    return _("%(city)s %(site)s", city=names.city_name[here], site=names.site_name[here])


def _qr(address: str) -> Markup:
    """The address as an inline drawing; its colours come from the style sheet."""
    import segno  # only slips need it

    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=1, omitsize=True, svgclass="qr", lineclass=None, border=0))
