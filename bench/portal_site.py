"""The portal as a measured side: a database made for the bench, and the real server on it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from bench.harness import ROOT, Server, served


def environment(folder: str) -> dict[str, str]:
    return {
        "PORTAL_DEMO": "1",
        "PORTAL_DATABASE_URL": f"sqlite:///{folder}/portal.db",
        "PORTAL_KEY_DIR": folder,
        "PORTAL_UPLOAD_DIR": f"{folder}/uploads",
        "PORTAL_ACCESS_LOG": "off",
        "PORTAL_PORT": "0",
    }


def command(folder: str, *arguments: str, **settings: str) -> None:
    """Run `portal …` on the bench's database."""
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env=os.environ | environment(folder) | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"portal {' '.join(arguments)}: {done.stderr[-2000:]}")


@contextmanager
def portal(size: str = "small") -> Iterator[Server]:
    """The portal with its demonstration city, served."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command(folder, "db", "upgrade")
        command(folder, "demo", "--size", size)
        with served("-m", "portal.serve", **environment(folder)) as server:
            yield server
