"""The staff's start page: composed of the panels that features register for the place `desk`.

A panel's loader is called with `(db, now, actor)`; its template finds what came back under `panel`. The first
panel may give the page its `heading`.
"""

from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.cases.desk.reading import seen, side
from portal.web import menus
from portal.web.access import requires
from portal.web.database import reader
from portal.web.rendering import page

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


@blueprint.get("/")
@requires("desk.use")
def start() -> Response:
    """What is to be done today."""
    drawn = list(_panels())
    heading = next((context["heading"] for _template, context in drawn if context.get("heading")), "")
    return page(
        "desk/start.html",
        panels=drawn,
        heading=heading,
        side=side(),
        now=seen().now,
        filing_url=url_for("intake_desk.new"),
    )


def _panels() -> Any:
    here = seen()
    for panel in menus.panels("desk"):
        context = panel.load(reader(), here.now, here.actor)
        if context is not None:
            yield panel.template, context
