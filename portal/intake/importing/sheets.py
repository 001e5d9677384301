"""XLSX files as a stream. Formulas stay the text they are; a file that would unpack to too much is refused."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.intake.importing.records import (
    MOST_COLUMNS,
    Broken,
    Cell,
    Record,
    Source,
    is_blank,
    too_many_rows,
)
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

HEAD_ROWS = 10
LAST_LINE = 1_048_576
"""No spreadsheet has more lines; a file that claims one further down would have all between them made up."""
LARGEST_UNPACKED = 1_000_000_000
MOST_PARTS = 5_000
_PLAIN = (str, int, float, bool)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    AssertionError,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    OSError,
)
"""What the readers of ZIP, XML and sheets raise over a damaged, encrypted or foreign file: seen by damaging some."""


class XlsxTable:
    """An XLSX file: the named sheet, or the first one."""

    def __init__(self, source: Source, sheet: str = "") -> None:
        self.source = source
        self.sheet = sheet
        _refuse_bomb(source)

    def head(self) -> list[Record]:
        """The first rows that hold anything."""
        found: list[Record] = []
        for record in self._records():
            found.append(record)
            if len(found) == HEAD_ROWS:
                break
        return found

    def rows(self, header: Record) -> Iterator[Record | Broken]:
        """The rows after the header."""
        width = len(header.cells)
        for record in self._records():
            if record.line <= header.line:
                continue
            missing = width - len(record.cells)
            yield Record(record.line, [*record.cells[:width], *[None] * missing])

    def _records(self) -> Iterator[Record]:
        with _opened(self.source) as book:
            sheet = self._sheet(book)
            sheet.reset_dimensions()
            for line, values in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
                if line > LAST_LINE:
                    raise too_many_rows()
                if values.count(None) == len(values):
                    continue  # quick: lines that are left out of the file come as many blank ones
                cells = [_cell(value) for value in values]
                while cells and cells[-1] is None:
                    cells.pop()
                if not is_blank(cells):
                    yield Record(line, cells)

    def _sheet(self, book: Any) -> Any:
        if not self.sheet:
            return book.worksheets[0]
        if self.sheet not in book.sheetnames:
            raise Invalid(
                "no_sheet",
                N_("The file has no sheet “%(sheet)s”; it has: %(found)s."),
                sheet=self.sheet,
                found=", ".join(book.sheetnames)[:200],
            )
        return book[self.sheet]


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    from openpyxl import load_workbook

    try:
        with source.open() as file:
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            if not book.worksheets:
                raise _unreadable()
            yield book
            book.close()
    except _BROKEN as error:
        raise _unreadable() from error


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, _PLAIN):
        return value
    if hasattr(value, "isoformat"):
        return value  # type: ignore[no-any-return]
    # A formula over several cells comes as an object of its own.
    return str(getattr(value, "text", None) or "")


def _refuse_bomb(source: Source) -> None:
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except _BROKEN as error:
        raise _unreadable() from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Invalid("xlsx_too_large", N_("Unpacked, this file is too large. Divide it, or save it as CSV."))


def _unreadable() -> Invalid:
    return Invalid("xlsx_broken", N_("This is no readable XLSX file. Save it anew as XLSX or CSV."))
