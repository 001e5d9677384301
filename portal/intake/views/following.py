"""The asker's own page, its printed receipt, its files, and leaving it."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.intake import askers
from portal.intake.queries.following import file_for_asker
from portal.intake.views import blueprint
from portal.intake.views.asker_page import sheet_context, show, to_tracking
from portal.intake.views.browsers import forget_browser
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.web import uploads
from portal.web.access import public
from portal.web.database import reader, settings
from portal.web.rendering import page
from portal.web.words import _


@blueprint.get("/appeals/<receipt>")
@public
def mine(receipt: str) -> Response:
    """The asker's own view, for whoever gave the code here a short while ago."""
    held = askers.holder(receipt)
    return show(held) if held else to_tracking(receipt)


@blueprint.get("/appeals/<receipt>/receipt")
@public
def sheet(receipt: str) -> Response:
    """The receipt as one sheet to print."""
    held = askers.holder(receipt)
    if held is None:
        return to_tracking(receipt)
    return page("intake/sheet.html", **sheet_context(held))


@blueprint.get("/appeals/<receipt>/files/<int:file_id>")
@public
def file(receipt: str, file_id: int) -> Response:
    """A file of this appeal, or of the answer to it."""
    held = askers.holder(receipt)
    if held is None:
        return to_tracking(receipt)
    found = file_for_asker(reader(), held.appeal_id, file_id)
    if found is None:
        raise NotFound("no_file", N_("This file is not here any more."))
    return uploads.send(settings(), found.stored_as, found.media_type, found.name)


@blueprint.post("/appeals/<receipt>/leave")
@public
def leave(receipt: str) -> Response:
    """Forget the asker on this device, with everything that was written here."""
    forget_browser()
    flash(_("This device no longer knows your appeal."), "success")
    return askers.forget(redirect(url_for(".track"), 303), receipt)
