"""One long-lived process owns an SQLite file: the claim, and who holds it when it cannot be had.

Short commands write beside the owner through the lane (`lane`); only the owner checkpoints.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path


class OwnedElsewhere(Exception):
    """Another long-lived process already serves this database."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            f"another portal process ({holder}) already serves {path}; stop it first, "
            "or use PostgreSQL to run several"
        )


@dataclass
class Claim:
    """Held as long as the process lives; the system lets go of it even when the process is killed."""

    handle: int

    def release(self) -> None:
        os.close(self.handle)


def claim(database: Path) -> Claim:
    """Own the database file, or raise `OwnedElsewhere`."""
    database.parent.mkdir(parents=True, exist_ok=True)
    path = database.with_name(database.name + ".owner")
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(handle)
        raise OwnedElsewhere(database, f"pid {holder}") from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    return Claim(handle)
