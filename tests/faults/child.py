"""Real processes for tests: a server as a child, its log, raw connections, and waiting for conditions."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SITE = Path(__file__).with_name("toy_site.py")


class Process:
    """A started server: its address, its log, and ways to talk to it."""

    def __init__(self, folder: Path, command: list[str], environment: dict[str, str]) -> None:
        self.log = folder / f"log-{time.monotonic_ns()}"
        env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | environment
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=env, text=True)
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        found = re.search(r"ready on http://127\.0\.0\.1:(\d+)", line)
        assert found, f"{line!r} {self.log.read_text()}"
        self.port = int(found[1])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def get(self, path: str, method: str = "GET", **more: Any) -> tuple[int, bytes]:
        status, _, body = fetch(self.port, path, method, **more)
        return status, body

    def send(self, raw: bytes) -> bytes:
        """Everything the server answers to these bytes until it hangs up."""
        with self.connect() as connection:
            connection.sendall(raw)
            return read_all(connection)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


def fetch(port: int, path: str, method: str = "GET", **more: Any) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, **more)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@contextmanager
def started(folder: Path, *arguments: str, **environment: str) -> Iterator[Process]:
    """The toy site on the real server."""
    with running(folder, [sys.executable, str(SITE), *arguments], environment) as process:
        yield process


@contextmanager
def running(folder: Path, command: list[str], environment: dict[str, str]) -> Iterator[Process]:
    process = Process(folder, command, environment)
    try:
        yield process
    finally:
        process.child.kill()
        process.child.wait(10)


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def until(what: Callable[[], Any], patience: float = 10.0) -> Any:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
