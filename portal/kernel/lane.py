"""The write lane of an SQLite file: one writer at a time, across greenlets, threads and processes.

SQLite's own busy handler would stall every greenlet of the process while it waits; the lane waits
cooperatively instead (under gevent both the lock and the sleep yield), so `busy_timeout` is 0 on the writer.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.kernel.errors import PortalError
from portal.kernel.words import N_

PATIENCE = 20.0  # seconds; a transaction is milliseconds, so a longer wait means that something hangs
PAUSE = 0.002


class LaneBlocked(PortalError):
    """Another process has held the write lane for longer than anybody should."""

    status = 503


class Lane:
    """A lock file beside the database; `with lane.taken():` owns the right to write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._owner: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the lane, hold it, let it go. Not re-entrant: a nested transaction is a mistake."""
        me = threading.get_ident()
        if self._owner == me:
            raise RuntimeError("a transaction inside a transaction: pass `db` on instead")
        if not self._lock.acquire(timeout=PATIENCE):
            raise _blocked()
        try:
            self._owner = me
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                self._wait(handle)
                yield
            finally:
                os.close(handle)  # closing lets go of the lock
        finally:
            self._owner = None
            self._lock.release()

    @staticmethod
    def _wait(handle: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise _blocked() from None
                time.sleep(PAUSE)


def _blocked() -> LaneBlocked:
    return LaneBlocked(
        "lane_blocked", N_("The system is busy saving other work. Nothing was lost; please try again.")
    )
