"""`portal serve`: pages and background work in one process.

The only module that monkey-patches, and it does so first of all; so it is started as a program of its
own (`python -m portal.serve`), never imported by another. The server itself is `portal.web.server`.
"""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import argparse
import gc
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from errno import EADDRINUSE
from time import monotonic
from typing import Any, Final, TextIO

import gevent
from gevent.event import Event

from portal.kernel.owner import Claim, OwnedElsewhere, claim
from portal.web import accesslog
from portal.web.server import Handler, Limits, Server

TICK: Final = 1.0
PATIENCE: Final = 15.0
"""Seconds that running requests have to end after a SIGTERM; with the grace before it, under 20."""


class CannotServe(Exception):
    """Why the server does not start, in one line."""


@dataclass(frozen=True)
class Options:
    """How to serve. `grace`: seconds in which `/readyz` says 503 while new connections are still taken."""

    host: str = "127.0.0.1"
    port: int = 8000
    grace: float = 1.0
    access_log: str = accesslog.QUIET
    log_format: str = "text"
    longest_block: float = 0.0
    limits: Limits = field(default_factory=Limits)


class Service:
    """One process that serves: the app, its server, its background work, and their orderly end."""

    def __init__(self, app: Any, listener: socket.socket, options: Options) -> None:
        self.app, self.options = app, options
        self._write = accesslog.writer(sys.stderr, form=options.log_format, mode=options.access_log)
        self.server = Server(listener, self._answer, access_log=self._log, limits=options.limits)
        self._stop, self._leaving = Event(), False
        self._extensions: dict[str, Any] = getattr(app, "extensions", {})
        self._counts: dict[str, int] = self._extensions.setdefault("portal_requests", {})

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; 0 when everything that ran could end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self._stop.set)
        gevent.get_hub().print_exception = _report
        self.server.start()
        worker = gevent.spawn(self._work)
        gc.collect()
        gc.freeze()
        if self.options.longest_block:
            _watch_blocking(self.options.longest_block)
        host, port = self.server.address[:2]
        _say(sys.stdout, f"Open Lounge is ready on http://{f'[{host}]' if ':' in host else host}:{port}")
        _notify("READY=1")
        self._stop.wait()
        return self._end(worker)

    def _end(self, worker: gevent.Greenlet) -> int:
        _notify("STOPPING=1")
        self._leaving = self.server.draining = True
        deadline = monotonic() + self.options.grace + PATIENCE
        for farewell in self._extensions.get("portal_farewells", ()):
            _guarded(farewell)
        gevent.sleep(self.options.grace)
        ended = self.server.drain(max(deadline - monotonic(), 0.1))
        worker.join(timeout=2)
        return 0 if ended else 1

    def _work(self) -> None:
        """Background work: one tick a second for as long as we serve."""
        jobs = self._extensions.get("portal_jobs")
        while jobs is not None and not self._leaving:
            _guarded(jobs.tick)
            self._stop.wait(TICK)

    def _answer(self, environ: Any, start_response: Any) -> Any:
        if self._leaving and environ["PATH_INFO"] == "/readyz":
            body = b"leaving\n"
            length = ("Content-Length", str(len(body)))
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), length])
            return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)
        return self.app(environ, start_response)

    def _log(self, handler: Handler) -> None:
        seconds = max(handler.time_finish - handler.time_start, 0.0)
        line = accesslog.describe(handler.environ or {}, handler.answered, seconds, handler.response_length)
        accesslog.count(self._counts, line)
        self._write(line)


def run(build: Callable[[], Any], options: Options, database: str | None = None) -> int:
    """Take the port, own the database file, build the app, serve. Raises `CannotServe`."""
    _raise_descriptor_limit()
    listener = _listen(options.host, options.port)
    owned = _own(database)
    try:
        app = build()
        _open(listener, options)
        return Service(app, listener, options).run()
    finally:
        if owned is not None:
            owned.release()


def main(argv: Sequence[str] | None = None) -> int:
    """The command: exit code 0 done, 1 could not serve (one line says why), 2 wrong usage."""
    from portal.kernel.errors import PortalError
    from portal.settings import UnsafeSettings, load

    arguments = _parse(argv)
    try:
        settings = load()
        options = Options(
            host=arguments.host,
            port=arguments.port,
            grace=float(_setting("DRAIN_GRACE", "1")),
            access_log=_setting("ACCESS_LOG", accesslog.QUIET),
            log_format=settings.log_format,
            longest_block=float(_setting("LONGEST_BLOCK", "0")),
        )
        return run(lambda: _create(settings), options, settings.database_url)
    except (CannotServe, UnsafeSettings, PortalError) as error:
        _say(sys.stderr, f"portal serve: {error}")
        return 1


def _create(settings: Any) -> Any:
    from portal.app import configure_logs, create_app
    from portal.kernel.pairs import fold
    from portal.web.templates import warm

    configure_logs(settings.log_format)
    app = create_app(settings, owner=True)
    _check_version(app.extensions["portal_database"])
    warm(app)
    fold("开放会客厅")  # loads the table of Traditional characters, which takes 0.1 s
    return app


def _check_version(database: Any) -> None:
    """A server on a database of another release would fail at some page; better at the start."""
    from sqlalchemy.exc import DBAPIError

    from portal import migrations

    try:
        with database.reading() as db:
            version = migrations.version_of(db.connection())
    except DBAPIError as error:
        raise CannotServe(f"the database cannot be reached ({type(error).__name__})") from error
    if version != migrations.head():
        state = f"is at version {version}" if version else "is empty"
        raise CannotServe(f"the database {state}; run `portal db upgrade` first")


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="portal serve", description="The web server.")
    parser.add_argument("--host", default=_setting("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=_port, default=_setting("PORT", "8000"))
    return parser.parse_args(argv)


def _setting(name: str, default: str) -> str:
    return os.environ.get("PORTAL_" + name) or os.environ.get(name) or default


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port, so that a port in use is said at once; nobody can connect until the app is there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        raise _no_port(host, port, error) from error
    return listener


def _open(listener: socket.socket, options: Options) -> None:
    try:
        listener.listen(1024)
    except OSError as error:
        raise _no_port(options.host, options.port, error) from error


def _no_port(host: str, port: int, error: OSError) -> CannotServe:
    why = (error.strerror or str(error)).lower()
    taken = "; choose another: PORT=… make run, or --port …" if error.errno == EADDRINUSE else ""
    return CannotServe(f"cannot listen on {host}:{port}: {why}{taken}")


def _own(database: str | None) -> Claim | None:
    from sqlalchemy.engine import make_url

    url = make_url(database) if database else None
    if url is None or url.get_backend_name() != "sqlite" or not url.database:
        return None
    from pathlib import Path

    try:
        return claim(Path(url.database))
    except OwnedElsewhere as error:
        raise CannotServe(str(error)) from error


def _raise_descriptor_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _watch_blocking(longest: float) -> None:
    """Report whatever keeps all greenlets waiting for longer than that (the tests look for the report)."""
    gevent.config.monitor_thread = True
    gevent.config.max_blocking_time = longest
    gevent.get_hub().start_periodic_monitoring_thread()


def _say(stream: TextIO, line: str) -> None:
    stream.write(line + "\n")
    stream.flush()


def _guarded(work: Callable[[], object]) -> None:
    """Run background work; what it raises is reported and the server goes on."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - one broken job must not end the others, or the server
        _report(None, type(error), error, error.__traceback__)


def _report(context: object, kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Say what failed and where, without its message: that may hold what a person typed."""
    places = "".join(traceback.format_tb(trace or getattr(error, "__traceback__", None)))
    _say(sys.stderr, f"{kind.__name__} in background work or below the app\n{places}".rstrip())


def _notify(state: str) -> None:
    """Tell systemd, where it asks to be told."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.connect("\0" + address[1:] if address.startswith("@") else address)
            channel.send(state.encode())


if __name__ == "__main__":
    sys.exit(main())
