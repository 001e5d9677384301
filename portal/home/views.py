"""The front page, the text pages, and what robots are told."""

from collections.abc import Callable

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from portal.home import queries, texts
from portal.kernel import clock
from portal.outcomes import queries as outcomes
from portal.publishing import names
from portal.publishing.queries.choices import load
from portal.web import menus
from portal.web.access import current_actor, public
from portal.web.database import database, reader, settings
from portal.web.locale import current
from portal.web.rendering import shared_page

blueprint = Blueprint("home", __name__)

PARTS = ("solved", "explained", "not_ours", "not_accepted", "open")
"""What became of everything that was received, in the order of the bar."""


@blueprint.get("/")
@public
def front() -> Response:
    """What this is, what one can do here, and how the city is doing."""
    db, now = reader(), clock.now()
    found = queries.counts(db)
    loaded = [(panel, panel.load(db, now, current_actor())) for panel in menus.panels("front")]
    return shared_page(
        "home/front.html",
        counts=found,
        outcomes=outcomes.counts(db),
        shares=queries.shares(found, PARTS),
        solved=queries.just_solved(db),
        late=queries.late(db, clock.local_date(now, settings().timezone)),
        panels=[(panel, context) for panel, context in loaded if context is not None],
        as_of=queries.as_of(now),
        choices=load(db, database().version()),
        named=names.choice,
    )


def _text_view(name: str) -> Callable[[], Response]:
    @public
    def view() -> Response:
        """A text page in the reader's language."""
        here = current()
        found = texts.text_page(name, here, settings().city_name[here])
        return shared_page("home/text.html", found=found)

    return view


for _name in texts.PAGES:
    blueprint.add_url_rule(f"/{_name}", endpoint=_name, view_func=_text_view(_name))


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Everything public may be found; pages of one asker and of staff may not."""
    lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /account/", "Disallow: /appeals/", ""]
    response = make_response("\n".join(lines))
    response.mimetype = "text/plain"
    return response
