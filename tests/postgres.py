"""A private PostgreSQL server for the tests, from the machine's own binaries; gone when the run ends."""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

import psycopg


def server_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, newest version first, or None."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True
    )
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class PostgresServer:
    """`with PostgresServer(binaries, folder) as server:` — on loopback, a free port, no durability."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        # Not in pytest's folder: that is for its user only, and the server may run as another.
        self._home = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
        self._folder = self._home / "data"
        self._numbers = itertools.count(1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self) -> "PostgresServer":
        # PostgreSQL refuses to run as root; the distribution's own account may.
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._folder.mkdir()
        if self._as:
            shutil.chown(self._home, "postgres", "postgres")
            shutil.chown(self._folder, "postgres", "postgres")
        self._run(
            "initdb",
            "-D",
            str(self._folder),
            "-U",
            "portal",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        )
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        self._run(
            "pg_ctl", "-D", str(self._folder), "-o", options, "-w", "-l", str(self._folder / "log"), "start"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "-D", str(self._folder), "-m", "immediate", "stop")
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, command: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, str(self._binaries / command), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd="/",
            timeout=120,
        )

    def fresh_name(self) -> str:
        return f"test_{next(self._numbers)}"

    def create(self, name: str, template: str = "template1") -> str:
        """Create a database; returns its address."""
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql://portal@127.0.0.1:{self.port}/{name}"

    def drop(self, name: str) -> None:
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        with psycopg.connect(
            f"postgresql://portal@127.0.0.1:{self.port}/postgres", autocommit=True
        ) as connection:
            connection.execute(statement)
