"""For machines that watch over us: `/livez`, `/readyz`, `/metrics`. Counts and states only, nothing personal.

A feature adds what it knows: `register_probe(app, "tailer", probe)` for readiness (`Kept(probe)` asks it only now
and then), `register_measure(app, "name", measure)` for the metrics. While the server leaves, it answers `/readyz` itself (`portal.serve`).
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, abort, current_app, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.kernel import disk
from portal.web.access import public
from portal.web.database import database, settings
from portal.web.pagecache import PageCache

blueprint = Blueprint("health", __name__)
log = structlog.get_logger(__name__)
KEPT_SECONDS = 5.0


@dataclass(frozen=True)
class Probe:
    """One part's state: whether the portal can work with it so, and a few words."""

    ok: bool
    words: str


Measures = dict[str, float]
"""Values by label text: `{'result="hit"': 17}`; the empty text for a value without labels."""


def init_app(app: Flask) -> None:
    """Register the views and what the web floor itself knows."""
    app.register_blueprint(blueprint)
    register_probe(app, "database", _probe_database)
    register_probe(app, "disk", Kept(_probe_disk))
    register_measure(app, "portal_page_cache_answers_total", _measure_cache)
    register_measure(app, "portal_page_cache_bytes", lambda: {"": float(_cache().store.bytes)})
    register_measure(app, "portal_requests_total", lambda: dict(current_app.extensions["portal_requests"]))
    app.extensions.setdefault("portal_requests", {})


def register_probe(app: Flask, name: str, probe: Callable[[], Probe]) -> None:
    """Readiness asks `probe` as well."""
    app.extensions.setdefault("portal_probes", {})[name] = probe


class Kept:
    """A probe asked at most every few seconds: those who watch may ask as often as they like."""

    def __init__(self, probe: Callable[[], Probe], now: Callable[[], float] = monotonic) -> None:
        self._probe, self._now = probe, now
        self._last: tuple[float, Probe] | None = None

    def __call__(self) -> Probe:
        if self._last is None or self._now() - self._last[0] >= KEPT_SECONDS:
            self._last = self._now(), self._probe()
        return self._last[1]

    def forget(self) -> None:
        """Ask anew at once."""
        self._last = None


def register_measure(app: Flask, name: str, measure: Callable[[], Measures]) -> None:
    """The metrics show `measure` under this name."""
    app.extensions.setdefault("portal_measures", {})[name] = measure


@blueprint.get("/livez")
@public
def livez() -> Response:
    """The process answers; says nothing about what it needs."""
    return _plain("alive\n")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Whether visitors may be sent here, part by part."""
    probes: dict[str, Callable[[], Probe]] = current_app.extensions["portal_probes"]
    found = {name: probe() for name, probe in probes.items()}
    ready = all(probe.ok for probe in found.values())
    lines = [f"{'ok' if probe.ok else 'NOT OK'} {name}: {probe.words}" for name, probe in found.items()]
    return _plain("\n".join(lines) + "\n", 200 if ready else 503)


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Counters as Prometheus reads them, for who knows the token; without a token set, nobody."""
    token = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    measures: dict[str, Callable[[], Measures]] = current_app.extensions["portal_measures"]
    lines = [
        f"{name}{'{' + labels + '}' if labels else ''} {value:g}"
        for name, measure in sorted(measures.items())
        for labels, value in sorted(measure().items())
    ]
    return _plain("\n".join(lines) + "\n")


def _probe_database() -> Probe:
    try:
        with database().reading() as db:
            db.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.error("database out of reach", error=type(error).__name__)
        return Probe(False, "out of reach")
    return Probe(True, "answers")


def _probe_disk() -> Probe:
    """Little space is said and does not yet turn visitors away; that nothing can be kept any more does."""
    room = disk.room_at(settings().upload_dir)
    if not room.writable:
        return Probe(False, "attachments cannot be written")
    if room.is_spent:
        return Probe(False, "no space for attachments")
    return Probe(True, "space for attachments" if room.is_enough else "little space for attachments")


def _measure_cache() -> Measures:
    cache = _cache()
    return {
        'result="hit"': cache.hits - cache.unchanged,
        'result="unchanged"': cache.unchanged,
        'result="miss"': cache.misses,
    }


def _cache() -> PageCache:
    cache: Any = current_app.extensions["portal_page_cache"]
    found: PageCache = cache
    return found


def _plain(body: str, status: int = 200) -> Response:
    return Response(body, status, content_type="text/plain; charset=utf-8")
