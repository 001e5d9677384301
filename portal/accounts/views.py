"""Signing in and out."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.web.access import public
from portal.web.rendering import page

blueprint = Blueprint("accounts", __name__, url_prefix="/account")


@blueprint.get("/sign-in")
@public
def sign_in() -> Response:
    """The sign-in form."""
    return page("errors/error.html", code=503)
