"""The staff's start page."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.web.access import requires
from portal.web.rendering import page

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


@blueprint.get("/")
@requires("desk.use")
def start() -> Response:
    """What is to be done today."""
    return page("errors/error.html", code=503)
