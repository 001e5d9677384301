"""What reading a table yields, whatever kind of file it was."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from portal.kernel.errors import Invalid
from portal.kernel.words import N_

Cell = str | int | float | bool | datetime | date | time | None
"""What stands in a cell; a CSV file has texts only. A formula is its text: none is ever computed."""

MOST_COLUMNS = 200
MOST_ROWS = 1_000_000
LONGEST_CELL = 200_000
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """A row with the line it begins on, and the one it ends on."""

    line: int
    cells: list[Cell]
    last: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be taken apart, and why."""

    line: int
    error: Invalid


class Source(Protocol):
    """Where a table's bytes are; it is opened as often as it is needed."""

    def size(self) -> int:
        """How many bytes there are."""

    def open(self) -> BinaryIO:
        """The bytes from their beginning."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file."""

    path: Path

    def size(self) -> int:
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class InMemory:
    """Bytes that were unsealed and never lie on a disk in clear."""

    content: bytes

    def size(self) -> int:
        return len(self.content)

    def open(self) -> BinaryIO:
        return BytesIO(self.content)


class Table(Protocol):
    """A file that was opened: its first rows to find the header in, then all that follow the header."""

    def head(self) -> list[Record]:
        """The first rows that hold anything."""

    def rows(self, header: Record) -> Iterator[Record | Broken]:
        """The rows after the header."""


def too_many_rows() -> Invalid:
    """What is said of a table without end."""
    return Invalid("too_many_rows", N_("The file has more than %(max)d rows. Divide it."), max=MOST_ROWS)


def is_blank(cells: list[Cell]) -> bool:
    """Whether nothing stands in the row."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def clean(text: str) -> str:
    """Without signs that no database or page can hold, with one kind of line break, without empty ends."""
    if _UNWRITABLE.search(text):
        text = _UNWRITABLE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()
