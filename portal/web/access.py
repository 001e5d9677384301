"""Who may reach which route. Every view declares it; a view that does not is never served.

@public                      anybody
@signed_in                   any member of the staff
@requires("case.assign")     staff with the permission somewhere; the service judges the object
"""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.identity.actors import PUBLIC, Actor
from portal.identity.queries import signed_in_actor
from portal.identity.roles import PERMISSIONS
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.words import N_
from portal.web.database import reader, settings

COOKIE = "signin"
SIGN_IN_LASTS = timedelta(hours=12)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody may come here."""
    return _declare(view, "public")


def signed_in(view: View) -> View:
    """Any signed-in member of the staff."""
    return _declare(view, "signed_in")


def requires(permission: str) -> Callable[[View], View]:
    """Staff who hold this permission in at least one appointment."""
    if permission not in PERMISSIONS:
        raise ValueError(f"no role holds the permission {permission!r}")
    return lambda view: _declare(view, permission)


def _declare(view: View, declared: str) -> View:
    view.portal_access = declared  # type: ignore[attr-defined]
    return view


def declared_access(app: Flask, endpoint: str) -> str | None:
    """What the endpoint's view declares, or None: such an endpoint is refused."""
    return getattr(app.view_functions.get(endpoint), "portal_access", None)


def init_app(app: Flask) -> None:
    """Check every request before its view runs."""
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # 404 and 405 are told by the error pages
    from flask import current_app

    declared = declared_access(current_app, request.endpoint)
    _refuse_foreign_post()
    if declared == "public":
        return None
    actor = current_actor()
    if not actor.signed_in:
        return _to_sign_in()
    if declared == "signed_in" or (declared is not None and actor.has(declared)):
        return None
    raise Forbidden("forbidden", N_("Your appointment does not allow this."))


def _refuse_foreign_post() -> None:
    """A browser says where a form came from; a form of another site changes nothing here. The token in every
    form is the second lock."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site == "cross-site" or (
        site is None and origin not in (None, "null") and (origin or "").partition("://")[2] != request.host
    )
    if foreign:
        raise Forbidden("foreign_form", N_("This form was sent from another site, so nothing was changed."))


def _to_sign_in() -> Response:
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("desk.start")
    target = url_for("accounts.sign_in", next=here)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target, 303)


def hash_token(token: str) -> str:
    """What is stored of a random token."""
    return sha256(token.encode()).hexdigest()


def current_actor() -> Actor:
    """Who makes this request, reloaded for each request: an ended sign-in or appointment counts at once."""
    if "actor" not in g:
        g.actor = _load_actor()
    actor: Actor = g.actor
    return actor


def _load_actor() -> Actor:
    token = request.cookies.get(COOKIE)
    if not token or len(token) > 100:
        return PUBLIC
    zone = settings().timezone
    return signed_in_actor(reader(), hash_token(token), clock.now(), zone) or PUBLIC
