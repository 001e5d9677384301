"""Tables people export from their spreadsheets: encoding found out, header checked, rows with their lines. Pure.

What is wrong with the file as a whole is `Invalid`; what is wrong with a row is the reader's business, who
names its line.
"""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from portal.kernel.errors import Invalid
from portal.kernel.words import N_

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",\t;，"
MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, other names it goes by, whether it must be there."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line it begins on, and its cells by column name, without spaces at their ends."""

    line: int
    cells: dict[str, str]
    surplus: bool = False
    """It has more cells than the header."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read. `ignored` are headers that mean nothing here, with the column each was perhaps meant for."""

    encoding: str
    rows: tuple[Row, ...] = ()
    columns: frozenset[str] = frozenset()
    ignored: dict[str, str | None] = field(default_factory=dict)


def read(content: bytes, columns: Sequence[Column]) -> Sheet:
    """Read a file; UTF-8 (with or without mark), UTF-16 as Excel writes it, else GB 18030."""
    encoding, text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(
            "csv_broken",
            N_("Line %(line)d cannot be read (%(reason)s). Is a quotation mark missing?"),
            line=line,
            reason=error,
        ) from error
    if not lines:
        raise Invalid("csv_empty", N_("The file is empty: not even a header stands in it."))
    names, ignored = _header(lines[0][1], columns)
    rows = tuple(_row(at, cells, names) for at, cells in lines[1:])
    return Sheet(encoding, rows, frozenset(name for name in names if name), ignored)


def decode(content: bytes) -> tuple[str, str]:
    """The encoding of a text file and its text; exotic ones are refused rather than guessed."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    try:
        return "utf-8", content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, "gb18030")


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return encoding, content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(
            "csv_encoding",
            N_("The file is neither UTF-8 nor GB 18030. Save it as “CSV UTF-8” and try again."),
        ) from error


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    found = max(_DELIMITERS, key=first.count)
    return found if first.count(found) else ","


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).strip().strip("*").lower()
    return "".join(c for c in plain if c not in " _-")


def _header(cells: list[str], columns: Sequence[Column]) -> tuple[list[str], dict[str, str | None]]:
    meant = {_folded(name): column.name for column in columns for name in (column.name, *column.aliases)}
    names: list[str] = []
    ignored: dict[str, str | None] = {}
    for cell in cells[:MOST_CELLS]:
        name = meant.get(_folded(cell), "")
        if name and name in names:
            raise Invalid("csv_twice", N_("The column “%(column)s” stands there twice."), column=name)
        if not name and cell.strip():
            near = get_close_matches(_folded(cell), meant, n=1)
            ignored[cell.strip()] = meant[near[0]] if near else None
        names.append(name)
    missing = [column.name for column in columns if column.required and column.name not in names]
    if missing:
        raise Invalid(
            "csv_header",
            N_("The header lacks %(missing)s. It has: %(found)s. It may have: %(possible)s."),
            missing=", ".join(missing),
            found=", ".join(cell.strip() for cell in cells if cell.strip())[:200],
            possible=", ".join(column.name for column in columns),
        )
    return names, ignored


def _row(line: int, cells: list[str], names: list[str]) -> Row:
    paired = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
    blank = {name: "" for name in names if name and name not in paired}
    return Row(line, paired | blank, any(cell.strip() for cell in cells[len(names) :]))
