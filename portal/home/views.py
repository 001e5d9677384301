"""The front page."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.web.access import public
from portal.web.rendering import shared_page

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def front() -> Response:
    """What this is, what one can do here, and how the city is doing."""
    return shared_page("errors/error.html", code=503)
