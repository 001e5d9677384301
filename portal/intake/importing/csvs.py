"""CSV files as a stream: encoding and delimiter found out, rows that know their lines, and a way on after a
quotation mark that was never closed.
"""

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import TextIO

from portal.intake.importing import records
from portal.intake.importing.records import LONGEST_CELL, MOST_COLUMNS, Broken, Record, Source, is_blank
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

DELIMITERS = ",\t;|，"
HEAD_ROWS = 10
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), *((mark, "utf-16") for mark in UTF_16))
_CHUNK = 2**20

csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))


class CsvTable:
    """A CSV file. `fit` says how many of a row's cells are headers that mean something."""

    def __init__(self, source: Source, fit: Callable[[Record], int]) -> None:
        self.source = source
        self.encoding = encoding_of(source)
        self.delimiter = self._delimiter(fit)

    def head(self) -> list[Record]:
        """The first rows that hold anything."""
        return self._head(self.delimiter)

    def rows(self, header: Record) -> Iterator[Record | Broken]:
        """The rows after the header."""
        width = len(header.cells)
        with self._open() as file:
            for found in _filled(_records(file, self.delimiter, width, header.last)):
                if isinstance(found, Broken):
                    yield found
                else:
                    missing = width - len(found.cells)
                    yield Record(found.line, [*found.cells[:width], *[None] * missing])

    def _open(self) -> TextIO:
        return TextIOWrapper(self.source.open(), encoding=self.encoding, newline="")

    def _head(self, delimiter: str) -> list[Record]:
        found: list[Record] = []
        with self._open() as file:
            for record in _filled(_records(file, delimiter, MOST_COLUMNS, 0)):
                if isinstance(record, Record):
                    while is_blank(record.cells[-1:]):
                        record.cells.pop()
                    found.append(record)
                if len(found) == HEAD_ROWS:
                    break
        return found

    def _delimiter(self, fit: Callable[[Record], int]) -> str:
        """The one that makes the most of the header; a comma when none makes anything of it."""
        best = {
            delimiter: max((fit(record) for record in self._head(delimiter)), default=0)
            for delimiter in DELIMITERS
        }
        return max(DELIMITERS, key=lambda delimiter: best[delimiter])


def encoding_of(source: Source) -> str:
    """UTF-8 (with or without mark), UTF-16 with its mark, else GB 18030; anything else is refused, not guessed."""
    with source.open() as file:
        start = file.read(4)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return _checked(source, encoding)
    try:
        return _checked(source, "utf-8")
    except Invalid:
        return _checked(source, "gb18030")


def _checked(source: Source, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with source.open() as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Invalid(
            "csv_encoding",
            N_("The file is neither UTF-8 nor GB 18030. Save it as “CSV UTF-8” and try again."),
        ) from error
    return encoding


class _Lines:
    """The lines of a file, some of which can be given back to be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._file)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self, count: int) -> None:
        """The last `count` lines taken will come again."""
        if count:
            self._again.extendleft(reversed(self.taken[-count:]))
            self.number -= count


def _filled(found: Iterator[Record | Broken]) -> Iterator[Record | Broken]:
    """Without the blank rows, of which no table has more than it may have rows."""
    blank = 0
    for record in found:
        if isinstance(record, Broken) or not is_blank(record.cells):
            yield record
            continue
        blank += 1
        if blank > records.MOST_ROWS:
            raise records.too_many_rows()


def _records(file: TextIO, delimiter: str, width: int, after: int) -> Iterator[Record | Broken]:
    """The rows that begin after a line."""
    lines = _Lines(file)
    for _ in zip(range(after), lines, strict=False):
        pass
    while True:
        lines.taken = []
        begin = lines.number + 1
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error:
            lines.give_back(_sound_from(lines.taken, delimiter, width))
            yield Broken(begin, _quotes())
            continue
        if is_blank([*cells[width:]]):
            yield Record(begin, [*cells], lines.number)
        else:
            lines.give_back(_sound_from(lines.taken, delimiter, width))
            yield Broken(begin, _surplus())


def _sound_from(taken: list[str], delimiter: str, width: int) -> int:
    """How many of the lines to read again: from the first, after the broken one, that is a whole row by itself.

    So a mark that was never closed costs the row it stands in and not the rest of the file.
    """
    for index, line in enumerate(taken[1:], 1):
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        if len(cells) >= width and is_blank([*cells[width:]]):
            return len(taken) - index
    return 0


def _quotes() -> Invalid:
    return Invalid(
        "csv_quotes", N_("This row cannot be read: a quotation mark is missing, or one stands too many.")
    )


def _surplus() -> Invalid:
    return Invalid("surplus_cells", N_("This row has more cells than the header."))
