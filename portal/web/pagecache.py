"""The whole-page cache for the signed-out: a WSGI layer in front of Flask.

A view marks a page as the same for everybody by `X-Portal-Cache: public`; the mark never leaves this
layer. Such a page holds no cookie, token or posting form. Inside the process a kept page is never
stale: it is valid for one data version and one day. Who may share a page is decided in `pagekey`.
"""

import logging
import re
import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import date, datetime, timedelta
from threading import Event
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from portal.web import encodings
from portal.web.pagekey import PageKey, PageKeys, narrow
from portal.web.pagestore import VARY, Entry, Headers, PageStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MARK: Final = "X-Portal-Cache"
PUBLIC: Final = "public"
PATIENCE: Final = 5.0
"""Seconds to wait for another request that renders the same page."""

_PRIVATE_MATTER: Final = re.compile(rb"csrf|<form[^>]+method=[\"']?post", re.IGNORECASE)
_log = logging.getLogger(__name__)


class PageCache:
    """Answers a signed-out GET or HEAD from memory where it can, and keeps what views mark as public.

    `version()` is the data version: it changes with every commit that a page might show. `day()` changes
    at local midnight (see `LocalDay`).
    """

    def __init__(
        self,
        app: "WSGIApplication",
        *,
        version: Callable[[], Hashable],
        day: Callable[[], Hashable],
        default_locale: str,
        private_cookies: Collection[str],
        max_bytes: int = 64 * 2**20,
        max_entries: int = 20_000,
        largest: int = 2**20,
    ) -> None:
        self.app = app
        self.version, self.day = version, day
        self.keys = PageKeys(default_locale, private_cookies)
        self.store = PageStore(max_bytes, max_entries)
        self.largest = largest
        self.hits = self.misses = self.unchanged = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        key = self.keys.key(environ) if method in ("GET", "HEAD") else None
        stamp = self._stamp() if key is not None else None
        if key is None or stamp is None:
            return self.app(environ, _unmarked(start_response))
        entry = self.store.get(key)
        if entry is None:
            return self._render(key, stamp, environ, start_response)
        if entry.stamp == stamp:
            return self._hit(key, entry, environ, start_response)
        return self._renew(key, entry, stamp, environ, start_response)

    def _stamp(self) -> Hashable | None:
        """What a page shown now must have been made from; None when the database cannot say."""
        try:
            return (self.version(), self.day())
        except (SQLAlchemyError, sqlite3.Error):
            return None  # the app tells it as it tells every failure

    def _renew(
        self,
        key: PageKey,
        stale: Entry,
        stamp: Hashable,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        """Of many who find the same stale page one renders it; the others take what it has made.

        A page serves who waited for it if it shows the data of their arrival, or was begun after it.
        """
        arrived = monotonic()
        for _ in range(2):
            if stale.rendering is None:
                stale.rendering = waiting = Event()
                try:
                    return self._render(key, stamp, environ, start_response)
                finally:
                    stale.rendering = None
                    waiting.set()
            stale.rendering.wait(PATIENCE)
            newer = self.store.get(key)
            if newer is None or newer is stale:
                break
            if newer.stamp == stamp or newer.begun >= arrived:
                return self._hit(key, newer, environ, start_response)
            stale = newer
        return self._render(key, stamp, environ, start_response)

    def _render(
        self, key: PageKey, stamp: Hashable, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        self.misses += 1
        environ["portal.cache"] = "miss"
        begun = monotonic()
        head = environ["REQUEST_METHOD"] == "HEAD"
        environ["REQUEST_METHOD"] = "GET"
        narrow(environ, key)
        answer = _Answer(start_response)
        result = self.app(environ, answer.start)
        answer.eager = False
        environ["REQUEST_METHOD"] = "HEAD" if head else "GET"
        if not answer.held:
            return _closed(result) if head else result
        body = _collect(result)
        route = environ.get("portal.route", "")
        entry = Entry.make(stamp, begun, _without_mark(answer.headers), body, route)
        if len(body) <= self.largest and self._is_clean(entry):
            self.store.put(key, entry)
            return self._answer(key, entry, environ, start_response)
        start_response("200 OK", [*entry.headers, ("Content-Length", str(len(body))), *_NOT_KEPT])
        return () if head else (body,)

    def _hit(
        self, key: PageKey, entry: Entry, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        self.hits += 1
        environ["portal.cache"] = "hit"
        environ["portal.route"] = entry.route
        return self._answer(key, entry, environ, start_response)

    def _answer(
        self, key: PageKey, entry: Entry, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        encoding = encodings.negotiate(environ.get("HTTP_ACCEPT_ENCODING", ""))
        fresh = encoding not in entry.variants
        variant = entry.variant(encoding)
        if fresh:
            self.store.weigh(key, entry)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and entry.matches(known):
            self.unchanged += 1
            start_response("304 Not Modified", variant.short_headers)
            return ()
        start_response("200 OK", variant.headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (variant.body,)

    @staticmethod
    def _is_clean(entry: Entry) -> bool:
        if _PRIVATE_MATTER.search(entry.body) is None:
            return True
        _log.warning("page marked public holds a posting form or token and is not kept: %s", entry.route)
        return False


_NOT_KEPT: Final = [("Cache-Control", "private, no-store"), ("Vary", VARY)]


class _Answer:
    """Holds back the status of a page that is to be kept; lets every other answer through at once."""

    def __init__(self, start_response: "StartResponse") -> None:
        self._start_response = start_response
        self.eager, self.held = True, False
        self.headers: Headers = []

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        if self.eager and exc_info is None and status.startswith("200") and _is_public(headers):
            self.held, self.headers = True, headers
            return _refuse_write
        return self._start_response(status, _without_mark(headers), exc_info)


def _unmarked(start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        return start_response(status, _without_mark(headers), exc_info)

    return start


def _is_public(headers: Headers) -> bool:
    names = {name.lower() for name, _ in headers}
    return (MARK, PUBLIC) in headers and "set-cookie" not in names


def _without_mark(headers: Headers) -> Headers:
    return [pair for pair in headers if pair[0] != MARK]


def _collect(result: Iterable[bytes]) -> bytes:
    try:
        return b"".join(result)
    finally:
        _closed(result)


def _closed(result: Iterable[bytes]) -> Iterable[bytes]:
    close = getattr(result, "close", None)
    if close is not None:
        close()
    return ()


def _refuse_write(data: bytes) -> object:
    raise RuntimeError("a page that is to be kept is returned, not written")


class LocalDay:
    """The day where the portal stands; asks the calendar only when the day may have ended."""

    def __init__(self, zone: ZoneInfo, clock: Callable[[], float] = time) -> None:
        self._zone, self._clock = zone, clock
        self._from = self._until = 0.0
        self._day = date.min

    def __call__(self) -> date:
        now = self._clock()
        if not self._from <= now < self._until:
            local = datetime.fromtimestamp(now, self._zone)
            self._day = local.date()
            start = datetime(local.year, local.month, local.day, tzinfo=self._zone)
            self._from = start.timestamp()
            self._until = (start + timedelta(days=1)).timestamp()
        return self._day
