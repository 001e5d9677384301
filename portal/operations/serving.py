"""`portal serve`: becomes the server, or starts several and keeps them together.

The server patches the standard library before anything else is imported, so this process is replaced
by it (`python -m portal.serve`) and never imports it.
"""

import os
import signal
import subprocess
import sys
import time

import click

from portal.kernel.errors import PortalError
from portal.settings import load

PROGRAM = (sys.executable, "-m", "portal.serve")


@click.command(context_settings={"show_default": True})
@click.option("--host", envvar=["PORTAL_HOST", "HOST"], default="127.0.0.1", help="Address to listen on.")
@click.option("--port", envvar=["PORTAL_PORT", "PORT"], default=8000, type=click.IntRange(0, 65535))
@click.option(
    "--workers",
    default=1,
    type=click.IntRange(1, 32),
    help="Processes, each on a port of its own from --port upwards; more than one needs PostgreSQL.",
)
@click.option(
    "--only",
    type=click.Choice(["pages", "rooms"]),
    help="Serve only this, beside other processes on the same PostgreSQL. This release has no live rooms yet: "
    "`pages` is all there is, `rooms` is refused.",
)
def serve(host: str, port: int, workers: int, only: str | None) -> None:
    """The web server: pages and background work.

    With SQLite one process serves all and owns the file. With PostgreSQL there may be several, one port each.
    """
    if only == "rooms":
        raise PortalError("no_rooms", "there are no live rooms in this release: leave out --only rooms")
    if (workers > 1 or only) and load().database_url.startswith("sqlite"):
        what = "several workers need" if workers > 1 else f"--only {only} needs"
        raise PortalError("one_worker", "%(what)s PostgreSQL: see PORTAL_DATABASE_URL", what=what)
    if workers == 1:
        os.execv(PROGRAM[0], [*PROGRAM, "--host", host, "--port", str(port)])
    sys.exit(_keep_together([[*PROGRAM, "--host", host, "--port", str(port + n)] for n in range(workers)]))


def _keep_together(commands: list[list[str]]) -> int:
    """Run all until asked to stop, or until one ends by itself: then the others are stopped too."""
    children = [subprocess.Popen(command) for command in commands]

    def stop(*_: object) -> None:
        for child in children:
            child.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    stop()
    return max(abs(child.wait()) for child in children)
