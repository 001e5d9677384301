"""Who is responsible for what, and how they are doing."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.outcomes.queries import of_unit
from portal.units import queries
from portal.web import menus
from portal.web.access import current_actor, public
from portal.web.database import reader, settings
from portal.web.rendering import shared_page

blueprint = Blueprint("units", __name__, url_prefix="/units")


@blueprint.get("/")
@public
def index() -> Response:
    """The tree of units with their duties."""
    today = clock.local_date(clock.now(), settings().timezone)
    units = queries.every_unit(reader(), today)
    return shared_page("units/index.html", tree=queries.tree(units, today))


@blueprint.get("/<slug>")
@public
def unit(slug: str) -> Response:
    """One unit: duties, record, newest cases, what lies above and below it."""
    db, today = reader(), clock.local_date(clock.now(), settings().timezone)
    unit_id = queries.find(db, slug[:80])
    if unit_id is None:
        raise NotFound("no_unit", N_("There is no unit under this address."))
    units = queries.every_unit(db, today)
    found = units[unit_id]
    return shared_page(
        "units/unit.html",
        unit=found,
        parent=units.get(found.parent_id) if found.parent_id else None,
        successor=units.get(found.successor_id) if found.successor_id else None,
        children=[row for row in units.values() if row.parent_id == unit_id],
        cases=queries.newest_cases(db, unit_id),
        outcomes=of_unit(db, unit_id),
        ended=found.valid_to is not None and found.valid_to < today,
        panels=list(_panels(unit_id)),
    )


def _panels(unit_id: int) -> Iterator[tuple[menus.Panel, dict[str, Any]]]:
    """What other features say about a unit: panels of the place `unit`, loaded with its number too."""
    for panel in menus.panels("unit"):
        context = panel.load(reader(), clock.now(), current_actor(), unit_id)
        if context is not None:
            yield panel, context
