"""The HTTP server: gevent's, with strict heads, limits, TCP_NODELAY and an orderly end.

Does not monkey-patch (only `portal.serve` does) and knows nothing of Flask.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

import gevent
from gevent.pool import Pool
from gevent.pywsgi import Input, SecureEnviron, WSGIHandler, WSGIServer

from portal.web.httpfields import Refused, body_length, check_host, parse_request_line, read_fields

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

IDLE, HEAD, RUNNING = "idle", "head", "running"
ONE_PIECE: Final = 64 * 1024
_PEER_GONE: Final = (TimeoutError, ConnectionError)


@dataclass(frozen=True)
class Limits:
    """How much, and how slowly, one connection may ask. Times in seconds."""

    connections: int = 12_000
    body: int = 64 * 2**20
    idle: float = 75.0
    head: float = 15.0
    upload: float = 300.0
    stalled: float = 60.0


Log = Callable[["Handler"], None]


class Handler(WSGIHandler):
    """One connection, and the request that is on it now."""

    server: "Server"
    phase, since = IDLE, 0.0
    environ: "WSGIEnvironment | None" = None
    _orig_status: str | None = None

    def handle(self) -> None:
        self.server.handlers.add(self)
        try:
            super().handle()
        finally:
            self.server.handlers.discard(self)

    def handle_one_request(self) -> Any:
        self.phase, self.since = IDLE, monotonic()
        self.environ = self._orig_status = None
        outcome = super().handle_one_request()
        return None if outcome is True and self.server.draining else outcome

    def read_request(self, raw_requestline: str) -> bool:
        self.phase, self.since = HEAD, monotonic()
        self.requestline = raw_requestline
        self.command, self.path, self.request_version = parse_request_line(raw_requestline)
        self.headers = read_fields(self.rfile)
        check_host(self.request_version, self.headers)
        self.content_length = body_length(self.command, self.headers, self.server.limits.body)
        wish = (self.headers.get("connection") or "").lower()
        self.close_connection = wish == "close" or (
            self.request_version == "HTTP/1.0" and wish != "keep-alive"
        )
        return True

    def get_environ(self) -> "WSGIEnvironment":
        env: WSGIEnvironment = self.server.get_environ()
        path, _, query = self.path.partition("?")
        upgrade = self._connection_upgrade_requested()
        if upgrade:
            self.socket.settimeout(None)
        expects = (self.headers.get("expect") or "").lower() == "100-continue"
        self.wsgi_input = Input(self.rfile, self.content_length, socket=self.socket if expects else None)
        env["REQUEST_METHOD"], env["SERVER_PROTOCOL"] = self.command, self.request_version
        env["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1") if "%" in path else path
        env["QUERY_STRING"] = query
        if isinstance(self.client_address, tuple):
            env["REMOTE_ADDR"], env["REMOTE_PORT"] = self.client_address[0], str(self.client_address[1])
        for name, value in self.headers.items():
            env["HTTP_" + name.upper().replace("-", "_")] = value
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if "HTTP_" + name in env:
                env[name] = env.pop("HTTP_" + name)
        env["wsgi.input"] = self.rfile if upgrade else self.wsgi_input
        env["wsgi.input_terminated"] = not upgrade
        env["portal.socket"] = self.socket
        return env

    def _connection_upgrade_requested(self) -> bool:
        wished = (self.headers.get("upgrade") or "").lower() == "websocket"
        return wished and self.command == "GET" and not self.content_length

    def handle_one_response(self) -> None:
        self.phase, self.since = RUNNING, monotonic()
        super().handle_one_response()

    def start_response(self, status: str, headers: Any, exc_info: Any = None) -> Any:
        write = super().start_response(status, headers, exc_info)
        if self.server.draining and self.code != 101:
            self.response_headers.append((b"Connection", b"close"))
            self.close_connection = True
        return write

    def _write_with_headers(self, data: bytes) -> None:
        """Head and a small body leave in one piece: one system call, one packet."""
        self.headers_sent = True
        self.finalize_headers()
        lines = [b"HTTP/1.1 " + self.status]
        lines += [name + b": " + value for name, value in self.response_headers]
        head = b"\r\n".join(lines) + b"\r\n\r\n"
        if self.response_use_chunked or len(data) > ONE_PIECE:
            self._sendall(head)
            self._write(data)
        else:
            self._sendall(head + data)

    def overstays(self, now: float, limits: Limits) -> bool:
        """Whether the connection has been idle, or slow to say what it wants, for too long."""
        waited = now - self.since
        if self.phase == IDLE:
            return waited > limits.idle
        if self.phase == HEAD:
            return waited > limits.head
        receiving = self.wsgi_input is not None and self.wsgi_input.position < (self.content_length or 0)
        return receiving and waited > limits.upload

    def hang_up(self) -> None:
        """End the connection; the greenlet that reads from it sees its end."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            return

    @property
    def answered(self) -> int:
        """The status of the answer; 0 when the client was gone before there was one."""
        status = self._orig_status or self.status or "0"
        digits = (status.decode("latin-1") if isinstance(status, bytes) else status)[:3]
        return int(digits) if digits.isdigit() else 0

    def log_request(self) -> None:
        self.server.access_log(self)

    def log_error(self, msg: str, *args: Any) -> None:
        """Wrong requests are counted by their answer in the access log; their words are not kept."""

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes]:
        status = "408 Request Timeout" if isinstance(ex, TimeoutError) else "400 Bad Request"
        if isinstance(ex, Refused):
            status = ex.status
        self.environ = {"REQUEST_METHOD": "-"}
        if not isinstance(ex, (Refused, *_PEER_GONE)):
            self._log_error(type(ex), ex, ex.__traceback__)
        self._orig_status = status
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        return status, head.encode()


class _QuietEnviron(SecureEnviron):
    """What an error report shows of a request: nothing personal."""

    default_whitelist_keys = ("REQUEST_METHOD", "portal.route")
    default_print_masked_keys = False


class Server(WSGIServer):
    """Serves one WSGI app on one listening socket until it is drained."""

    handler_class = Handler
    secure_environ_class = _QuietEnviron

    def __init__(
        self, listener: socket.socket, app: "WSGIApplication", *, access_log: Log, limits: Limits = Limits()
    ) -> None:
        super().__init__(listener, app, spawn=Pool(limits.connections), log=None)
        self.limits, self.access_log = limits, access_log
        self.handlers: set[Handler] = set()
        self.draining = False
        self._reaper: gevent.Greenlet | None = None
        self.environ["wsgi.multithread"] = True

    def do_read(self) -> Any:
        accepted = super().do_read()
        if accepted:
            accepted[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            accepted[0].settimeout(self.limits.stalled)
        return accepted

    def start(self) -> None:
        super().start()
        self._reaper = gevent.spawn(self._reap)

    def drain(self, patience: float) -> bool:
        """Stop accepting, let running requests end, close; True when all ended within `patience` seconds."""
        self.draining = True
        self.close()
        if self._reaper is not None:
            self._reaper.kill()
        for handler in list(self.handlers):
            if handler.phase == IDLE:
                handler.hang_up()
        ended = bool(self.pool.join(timeout=patience))
        self.pool.kill(block=True, timeout=1)
        return ended

    def _reap(self) -> None:
        while True:
            gevent.sleep(min(5.0, self.limits.head / 3))
            now = monotonic()
            for handler in list(self.handlers):
                if handler.overstays(now, self.limits):
                    handler.hang_up()
