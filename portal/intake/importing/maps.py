"""Maps from the columns of a table to the fields of an appeal, as TOML files; some are shipped in `maps/`.

A map names the headers of each field, how dates are written, and what the values of closed lists mean here.
`docs/importing.md` explains how to write one.
"""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.cases.vocabulary import AppealKind, ClosingKind
from portal.intake.importing.records import Record
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

SHIPPED = Path(__file__).parents[1] / "maps"
FIELDS = (
    "external_id",
    "title",
    "body",
    "created_at",
    "kind",
    "category",
    "area",
    "place",
    "contact_name",
    "contact_phone",
    "contact_email",
    "company",
    "credit_code",
    "concerns",
    "consent",
    "likes",
    "dislikes",
    "reply",
    "replied_at",
    "reply_unit",
    "closing_kind",
    "state",
)
STATES = ("answered", "closed", "open")
"""What a reply makes of a case: it is answered, or over; `open`: it was not the last word, and is kept sealed."""
YES_NO = ("yes", "no")
CLOSED_LISTS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(AppealKind),
    "closing_kind": tuple(ClosingKind),
    "state": STATES,
    "consent": YES_NO,
}
DEFAULTS = {"kind": "help", "closing_kind": "explained", "state": "answered", "consent": "no"}
_SECTIONS = ("title", "note", "sheet", "required", "ignored", "columns", "dates", "values", "defaults")
_DATES = ("formats", "zone", "missing_reply_date")


@dataclass(frozen=True)
class ColumnMap:
    """One map. `columns`: field → headers, of which the first that is there counts."""

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    note: str = ""
    sheet: str = ""
    required: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    """Headers that are known and of no use; like all others they are kept sealed."""
    formats: tuple[str, ...] = ()
    """How dates are written, beside the ways everybody understands; as `strptime` has it."""
    zone: ZoneInfo | None = None
    missing_reply_date: str = "refuse"
    """`refuse` a reply without its date, or take the appeal's own (`created_at`)."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=lambda: DEFAULTS)

    def places(self, header: Record) -> dict[str, int]:
        """Field → place of its column."""
        there = _by_header(header)
        found: dict[str, int] = {}
        for name, headers in self.columns.items():
            place = next((there[folded(one)] for one in headers if folded(one) in there), None)
            if place is not None and place not in found.values():
                found[name] = place
        return found

    def fit(self, header: Record) -> int:
        """How many fields the header has."""
        return len(self.places(header))

    def missing(self, header: Record) -> list[tuple[str, tuple[str, ...]]]:
        """The fields that must be there and are not, with the headers they may have."""
        found = self.places(header)
        lacking = [name for name in self.required if name not in found]
        if "title" not in found and "body" not in found:
            lacking.append("body" if "body" in self.columns else "title")
        return [(name, self.columns.get(name, ())) for name in dict.fromkeys(lacking)]

    def knows(self, header: str) -> bool:
        """Whether a header means a field."""
        return any(folded(header) == folded(one) for names in self.columns.values() for one in names)

    def ignores(self, header: str) -> bool:
        """Whether a header is known to be of no use."""
        return folded(header) in map(folded, self.ignored)


def _by_header(header: Record) -> dict[str, int]:
    there: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        if isinstance(cell, str) and folded(cell):
            there.setdefault(folded(cell), place)
    return there


def folded(header: str) -> str:
    """A header without width, case, spaces and the star of must-fill columns."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return "".join(sign for sign in plain if sign not in " _-*:\t\r\n\ufeff")


@cache
def shipped() -> tuple[ColumnMap, ...]:
    """The maps that come with the portal, by name."""
    return tuple(read(path) for path in sorted(SHIPPED.glob("*.toml")))


def find(name: str) -> ColumnMap:
    """A map by its file, or a shipped one by its name."""
    path = Path(name)
    if path.is_file():
        return read(path)
    for one in shipped():
        if one.name == name.removesuffix(".toml"):
            return one
    raise Invalid(
        "no_map",
        N_("There is no map “%(name)s”: neither a file nor one of %(shipped)s."),
        name=name,
        shipped=", ".join(one.name for one in shipped()),
    )


def read(path: Path) -> ColumnMap:
    """A map from its file; what is wrong with it is said with its name."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return parse(path.stem, raw)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, _Wrong) as error:
        raise Invalid(
            "map_broken", N_("The map %(name)s cannot be used: %(why)s"), name=path.name, why=str(error)
        ) from error


class _Wrong(ValueError):
    """What is wrong with a map."""


def parse(name: str, raw: Mapping[str, Any]) -> ColumnMap:
    """A map from what its file says; anything that is not understood is refused, lest it be lost silently."""
    _only(raw, _SECTIONS, "")
    columns = {key: _texts(value, f"columns.{key}") for key, value in _table(raw, "columns").items()}
    _only(columns, FIELDS, "columns.")
    if not {"title", "body"} & set(columns):
        raise _Wrong("columns: title or body is needed")
    required = _texts(raw.get("required", ["created_at"]), "required")
    _only(dict.fromkeys(required), tuple(columns), "required: ")
    dates = _table(raw, "dates")
    _only(dates, _DATES, "dates.")
    return ColumnMap(
        name=name,
        title=str(raw.get("title", name)),
        columns=columns,
        note=str(raw.get("note", "")),
        sheet=str(raw.get("sheet", "")),
        required=required,
        ignored=_texts(raw.get("ignored", []), "ignored"),
        formats=_texts(dates.get("formats", []), "dates.formats"),
        zone=_zone(dates.get("zone")),
        missing_reply_date=_one_of(
            dates.get("missing_reply_date", "refuse"), ("refuse", "created_at"), "dates.missing_reply_date"
        ),
        values=_values(_table(raw, "values")),
        defaults=_defaults(_table(raw, "defaults")),
    )


def _table(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = raw.get(name, {})
    if not isinstance(found, dict):
        raise _Wrong(f"{name} must be a table")
    return found


def _only(found: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for name in found:
        if name not in allowed:
            near = get_close_matches(name, allowed, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(allowed)}"
            raise _Wrong(f"{where}{name} is not known{hint}")


def _texts(value: Any, where: str) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise _Wrong(f"{where} must be a text or a list of texts")
    return tuple(texts)


def _one_of(value: Any, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise _Wrong(f"{where}: {value!r} is not one of {', '.join(allowed)}")
    return str(value)


def _zone(name: Any) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _Wrong(f"dates.zone: there is no zone {name!r}") from error


def _values(tables: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    _only(tables, (*CLOSED_LISTS, "category", "area", "reply_unit"), "values.")
    found: dict[str, dict[str, str]] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise _Wrong(f"values.{name} must be a table")
        allowed = CLOSED_LISTS.get(name)
        found[name] = {
            folded(key): _one_of(value, allowed, f"values.{name}.{key}") if allowed else str(value)
            for key, value in table.items()
        }
    return found


def _defaults(found: Mapping[str, Any]) -> dict[str, str]:
    _only(found, tuple(DEFAULTS), "defaults.")
    chosen = {name: _one_of(value, CLOSED_LISTS[name], f"defaults.{name}") for name, value in found.items()}
    return DEFAULTS | chosen
