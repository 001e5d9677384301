"""A tiny site on the real server, run as a child process: `python toy_site.py [database]`.

Addresses: `/` says hello, `/slow` waits until the file in TOY_GATE exists, `/block` keeps every greenlet
waiting, `/echo` returns the body, `/fail` raises, `/who` tells what the server makes of the request, `/page`
counts how often it is rendered and may be kept for a second.
"""

from portal.serve import CannotServe, Options, run  # isort: skip - patches first

import json
import os
import sys
import time
from pathlib import Path

from portal.web.server import Limits

PUBLIC = "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
PRIVATE = "private, no-store"


class Jobs:
    """Counts its ticks in a file; the second one fails."""

    def __init__(self) -> None:
        self.ticks = 0

    def tick(self) -> None:
        self.ticks += 1
        Path(os.environ["TOY_TICKS"]).write_text(str(self.ticks))
        if self.ticks == 2:
            raise LookupError("-".join(["a", "broken", "job"]))


class Site:
    def __init__(self) -> None:
        self.renders = 0
        self.extensions = {"portal_jobs": Jobs()} if "TOY_TICKS" in os.environ else {}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        body = getattr(self, path.strip("/") or "home", self.home)(environ)
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        kept = PUBLIC if path == "/page" and "signin=" not in environ.get("HTTP_COOKIE", "") else PRIVATE
        start_response("200 OK", [*headers, ("Cache-Control", kept), ("Vary", "Cookie, Accept-Language")])
        return [body]

    def page(self, environ):
        self.renders += 1
        said = [environ.get(name, "") for name in ("HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_HX_TARGET")]
        return f"{self.renders} {said}".encode()

    def home(self, environ):
        return b"hello"

    def slow(self, environ):
        while not Path(os.environ["TOY_GATE"]).exists():
            time.sleep(0.02)
        return b"done"

    def block(self, environ):
        until = time.perf_counter() + 0.5
        while time.perf_counter() < until:
            pass
        return b"blocked"

    def echo(self, environ):
        return environ["wsgi.input"].read()

    def fail(self, environ):
        raise LookupError("-".join(["secret", "words"]))

    def who(self, environ):
        environ["portal.route"] = "/<who>"
        return json.dumps({key: value for key, value in environ.items() if isinstance(value, str)}).encode()


if __name__ == "__main__":
    given = json.loads(os.environ.get("TOY_LIMITS", "{}"))
    options = Options(
        port=int(os.environ.get("TOY_PORT", "0")),
        grace=float(os.environ.get("TOY_GRACE", "0")),
        access_log=os.environ.get("TOY_LOG", "all"),
        log_format="json",
        longest_block=float(os.environ.get("TOY_BLOCK", "0")),
        limits=Limits(**given),
    )
    database = f"sqlite:///{sys.argv[1]}" if len(sys.argv) > 1 else None
    try:
        sys.exit(run(Site, options, database))
    except CannotServe as error:
        sys.exit(str(error))
