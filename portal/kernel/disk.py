"""The disk that attachments are kept on: how much is free, and whether we may write there."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

ENOUGH = 500 * 2**20
"""Below this an operator should act."""
LEAST = 50 * 2**20
"""Below this the next large attachment, or the database beside it, may fail."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left at a folder, or at the nearest folder above it that exists."""

    folder: Path
    free: int
    writable: bool

    @property
    def is_enough(self) -> bool:
        return self.writable and self.free > ENOUGH

    @property
    def is_spent(self) -> bool:
        """Nothing more can be kept."""
        return not self.writable or self.free < LEAST


def room_at(folder: Path) -> Room:
    """Look at the disk; cheap, but a system call or two."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return Room(folder.resolve(), shutil.disk_usage(folder).free, os.access(folder, os.W_OK | os.X_OK))
