"""One line per request: method, route, status, time. Never an address, a query or a path's own words.

A path can hold a receipt number or a one-time link, so the line shows the route (`/appeals/<receipt>`),
which Flask matched, and for what no route matched only the first step of the path.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TextIO

ALL: Final = "all"
QUIET: Final = "quiet"
OFF: Final = "off"
_UNREMARKABLE: Final = ("/static/", "/livez", "/readyz", "/metrics", "/socket.io/")


@dataclass(frozen=True)
class Line:
    method: str
    route: str
    status: int
    milliseconds: float
    length: int
    cache: str


def describe(environ: dict[str, Any], status: int, seconds: float, length: int) -> Line:
    """What may be told of one request."""
    route = environ.get("portal.route") or _first_step(environ.get("PATH_INFO", ""))
    cache = environ.get("portal.cache", "")
    return Line(environ.get("REQUEST_METHOD", "-"), route, status, round(seconds * 1000, 1), length, cache)


def is_remarkable(line: Line) -> bool:
    """Whether the quiet log has it: files, health checks and pages from the cache only when they failed."""
    return line.status >= 500 or not (line.cache == "hit" or line.route.startswith(_UNREMARKABLE))


def count(counts: dict[str, int], line: Line) -> None:
    """Count the request for the metrics, by the class of its status."""
    labels = f'status="{line.status // 100}xx",cached="{"yes" if line.cache == "hit" else "no"}"'
    counts[labels] = counts.get(labels, 0) + 1


def writer(stream: TextIO, *, form: str = "text", mode: str = QUIET) -> Callable[[Line], None]:
    """A function that writes lines as `json` or `text`."""
    write_line = _as_json if form == "json" else _as_text

    def write(line: Line) -> None:
        if mode != OFF and (mode == ALL or is_remarkable(line)):
            stream.write(write_line(line) + "\n")
            stream.flush()

    return write


def _as_json(line: Line) -> str:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    fields = {"at": at, "event": "request", "method": line.method, "route": line.route, "status": line.status}
    return json.dumps(fields | {"ms": line.milliseconds, "bytes": line.length, "cache": line.cache})


def _as_text(line: Line) -> str:
    at = datetime.now(UTC).strftime("%H:%M:%S")
    cache = f" {line.cache}" if line.cache else ""
    return f"{at} {line.status} {line.method} {line.route} {line.milliseconds} ms {line.length} B{cache}"


def _first_step(path: str) -> str:
    step = path.lstrip("/").partition("/")[0][:24]
    known = step.isascii() and step.replace("-", "").replace(".", "").isalpha()
    return f"/{step}…" if known else "/…"
