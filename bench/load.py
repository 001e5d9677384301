"""A load of requests on kept connections: as many as the server answers, for a while.

Run as a child (`python -m bench.load PORT SECONDS CONNECTIONS`, the request's head on stdin), so that the
asking side has a processor core of its own. Prints how many answers came in how many seconds.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter

from bench.harness import ROOT, Server, cores, cpu_seconds


@dataclass(frozen=True)
class Load:
    """What one load found."""

    rate: float
    cpu: float
    """Processor seconds of the server per answer."""
    length: int


def load(server: Server, head: str, *, seconds: float = 3.0, connections: int = 16) -> Load:
    """Ask in a child process and look at the server's processor time meanwhile."""
    _, asking = cores()
    before = cpu_seconds(server.pid)
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", str(server.port), str(seconds), str(connections)],
        input=head.encode(),
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=seconds + 30,
        preexec_fn=lambda: os.sched_setaffinity(0, asking),
    )
    found = json.loads(done.stdout)
    cpu = (cpu_seconds(server.pid) - before) / found["answers"]
    return Load(found["answers"] / found["seconds"], cpu, found["length"])


def request(path: str, **headers: str) -> str:
    """The head of a GET."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines) + "\r\n\r\n"


def first_answer(port: int, head: bytes) -> bytes:
    """One whole answer; all later ones are as long."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head)
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        top, _, body = received.partition(b"\r\n\r\n")
        lengths = [line for line in top.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        wanted = int(lengths[0].split(b":")[1]) if lengths else 0
        while len(body) < wanted:
            body += connection.recv(65536)
        return top + b"\r\n\r\n" + body


def ask(port: int, head: bytes, seconds: float, connections: int) -> dict[str, float]:
    """Keep every connection asking; count whole answers."""
    answer = first_answer(port, head)
    status = int(answer.split(b" ", 2)[1])
    if status not in (200, 304):
        raise SystemExit(f"the answer is {status}, not a page")
    length = len(answer)
    selector = selectors.DefaultSelector()
    missing: dict[int, int] = {}
    sockets = []
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, connection)
        missing[connection.fileno()] = length
        connection.send(head)
        sockets.append(connection)
    answers, began = 0, perf_counter()
    while (now := perf_counter()) < began + seconds:
        for key, _ in selector.select(0.1):
            left = missing[key.fd] - len(key.data.recv(262144))
            if left <= 0:
                answers += 1
                left = length
                key.data.send(head)
            missing[key.fd] = left
    for connection in sockets:
        connection.close()
    return {"answers": answers, "seconds": now - began, "length": length}


if __name__ == "__main__":
    port, seconds, connections = sys.argv[1:4]
    sys.stdout.write(json.dumps(ask(int(port), sys.stdin.buffer.read(), float(seconds), int(connections))))
