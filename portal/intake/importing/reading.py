"""Opening a table by what is in it, and finding its header: which row it is, and which map it fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from portal.intake.importing.csvs import UTF_16, CsvTable
from portal.intake.importing.maps import ColumnMap
from portal.intake.importing.records import OnDisk, Record, Source, Table, clean
from portal.intake.importing.sheets import XlsxTable
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

LARGEST_FILE = 500_000_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_START = 4096
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_MOST_CONTROLS = 8
"""A text may have caught a few on its way through old systems, where they are dropped; more is no text."""


@dataclass(frozen=True)
class Opened:
    """A table whose header was found. `fields`: field → place of its column; `unknown`: headers of no meaning."""

    table: Table
    map: ColumnMap
    header: Record
    names: tuple[str, ...]
    fields: dict[str, int]
    unknown: tuple[str, ...]


def open_table(source: Source | Path, maps: Sequence[ColumnMap]) -> Opened:
    """Open a file by the one of these maps that makes the most of its header; says what is missing."""
    table = _table(OnDisk(source) if isinstance(source, Path) else source, maps)
    head = table.head()
    if not head:
        raise Invalid("csv_empty", N_("The file is empty: not even a header stands in it."))
    fitting = [
        (one.fit(record), -place, one, record)
        for place, record in enumerate(head)
        for one in maps
        if not one.missing(record)
    ]
    if not fitting:
        raise _lacking(maps, head)
    _, _, best, header = max(fitting, key=lambda found: found[:2])
    return _opened(table, best, header)


def _table(source: Source, maps: Sequence[ColumnMap]) -> Table:
    if source.size() > LARGEST_FILE:
        raise Invalid(
            "file_too_large",
            N_("The file has more than %(max)d MB. Divide it."),
            max=LARGEST_FILE // 1_000_000,
        )
    with source.open() as file:
        start = file.read(_START)
    if start.startswith(_ZIP):
        return XlsxTable(source, next((one.sheet for one in maps if len(maps) == 1), ""))
    if start.startswith(_OLD_EXCEL):
        raise Invalid(
            "xls", N_("This is an old Excel file (XLS) or one with a password. Save it as XLSX or CSV.")
        )
    if start.startswith(_NO_TABLES) or _is_binary(start):
        raise Invalid("no_table", N_("This file is no table. Send the table as XLSX or as “CSV UTF-8”."))
    return CsvTable(source, lambda record: max(one.fit(record) for one in maps))


def _is_binary(start: bytes) -> bool:
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return controls > _MOST_CONTROLS and not start.startswith(UTF_16)


def _opened(table: Table, best: ColumnMap, header: Record) -> Opened:
    fields = best.places(header)
    names = tuple(clean(str(cell or "")) for cell in header.cells)
    unknown = tuple(
        name
        for place, name in enumerate(names)
        if name and place not in fields.values() and not best.ignores(name)
    )
    return Opened(table, best, header, names, fields, unknown)


def _lacking(maps: Sequence[ColumnMap], head: Sequence[Record]) -> Invalid:
    """What the nearest map misses, what the header has that it does not know, and what was perhaps meant."""
    nearest, header = max(
        ((one, record) for one in maps for record in head), key=lambda pair: pair[0].fit(pair[1])
    )
    if not nearest.fit(header):
        header = head[0]
    found = list(filter(None, (clean(str(cell or "")) for cell in header.cells)))
    known = [name for names in nearest.columns.values() for name in names]
    unknown = [name for name in found if not nearest.knows(name) and not nearest.ignores(name)]
    near = {name: get_close_matches(name, known, n=1) for name in unknown}
    hints = [f"{name} → {close[0]}?" for name, close in near.items() if close]
    return Invalid(
        "header",
        N_("By the map “%(map)s” the header lacks %(missing)s. It has: %(found)s. Not known: %(unknown)s."),
        map=nearest.name,
        missing="; ".join(f"{field} ({' / '.join(names)})" for field, names in nearest.missing(header)),
        found=", ".join(found)[:400],
        unknown=", ".join(hints + [name for name in unknown if not near[name]])[:400] or "—",
    )
