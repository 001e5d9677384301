"""Page, region, partial: the three sizes in which a template is drawn (docs: house, section 5)."""

from typing import Any

from flask import current_app, make_response, render_template, request
from flask_htmx import HTMX
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response

from portal.web.pagecache import MARK, PUBLIC

htmx = HTMX()
VARY = "HX-Request, HX-Target, HX-History-Restore-Request, Accept-Language, Cookie"


def page(template: str, *, regions: tuple[str, ...] = (), status: int = 200, **context: Any) -> Response:
    """The page, or one region of it when an htmx request names that region as its target.

    A region is a `{% block %}` whose root element carries the block's name (with dashes) as its id.
    """
    block = _wanted_region(regions)
    html = render_block(template, block, **context) if block else render_template(template, **context)
    response = make_response(html, status)
    response.headers["Vary"] = VARY
    return response


def shared_page(template: str, *, regions: tuple[str, ...] = (), **context: Any) -> Response:
    """A page that is the same for everybody who is signed out: the page cache may keep it.

    It must hold no token, no cookie and no form that posts.
    """
    response = page(template, regions=regions, **context)
    if not request.cookies.get("signin"):
        response.headers[MARK] = PUBLIC
    return response


def _wanted_region(regions: tuple[str, ...]) -> str | None:
    if not htmx or htmx.history_restore_request:
        return None
    wanted = (htmx.target or "").replace("-", "_")
    return wanted if wanted in regions else None


def partial(template: str, **context: Any) -> str:
    """One partial, on its own."""
    return current_app.jinja_env.get_template(template).render(**context)
