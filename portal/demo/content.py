"""The demonstration city's content: reads the files of `city/` into frozen dataclasses and checks them.

Pure but for reading the files: no database, no clock. The fields are described in `town` and `casework`,
the rules the files keep in `checks`, the placeholders of the texts in `dates`.
Every word of the city is invented; add nothing that is true.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from portal.demo.casework import DemoCase
from portal.demo.promised import DemoCommitment
from portal.demo.reading import ContentError, build
from portal.demo.town import (
    DemoArea,
    DemoCategory,
    DemoChannel,
    DemoCitizen,
    DemoCompany,
    DemoNotice,
    DemoOutcome,
    DemoPerson,
    DemoRule,
    DemoTemplate,
    DemoUnit,
)

CITY = Path(__file__).parent / "city"
_ONE_APPOINTMENT = ("role", "unit", "since", "until", "deputy_for")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DemoCity:
    """Everything, in the order of the files; dictionaries are keyed by code, login or key."""

    units: dict[str, DemoUnit]
    areas: dict[str, DemoArea]
    categories: dict[str, DemoCategory]
    channels: dict[str, DemoChannel]
    people: dict[str, DemoPerson]
    companies: dict[str, DemoCompany]
    citizens: dict[str, DemoCitizen]
    cases: dict[str, DemoCase]
    templates: dict[str, DemoTemplate]
    rules: tuple[DemoRule, ...]
    notices: dict[str, DemoNotice]
    outcomes: dict[str, DemoOutcome]
    commitments: dict[str, DemoCommitment]


@cache
def load() -> DemoCity:
    """The demonstration city. Raises `ContentError` with every problem found."""
    from portal.demo.checks import problems

    city = read(CITY)
    if found := problems(city):
        raise ContentError("\n".join(found))
    return city


def read(folder: Path) -> DemoCity:
    """The content of a folder, not yet checked; files that are missing leave their part empty."""
    return DemoCity(
        units=_by_code(DemoUnit, folder, "units*.toml", "code"),
        areas=_by_code(DemoArea, folder, "areas.toml", "code"),
        categories=_by_code(DemoCategory, folder, "categories.toml", "code"),
        channels=_by_code(DemoChannel, folder, "channels.toml", "code"),
        people=_by_field(DemoPerson, _people(folder), "login"),
        companies=_by_code(DemoCompany, folder, "companies.toml", "key"),
        citizens=_by_field(DemoCitizen, _rows(folder, "citizens.toml", "citizen"), "key"),
        cases=_by_field(DemoCase, _rows(folder, "cases/*.toml", "case"), "key"),
        templates=_by_code(DemoTemplate, folder, "templates.toml", "key"),
        rules=tuple(
            build(DemoRule, row, f"rule {row.get('name')}") for row in _rows(folder, "rules.toml", "rule")
        ),
        notices=_by_code(DemoNotice, folder, "notices.toml", "key"),
        outcomes=_by_code(DemoOutcome, folder, "outcomes.toml", "key"),
        commitments=_by_field(DemoCommitment, _rows(folder, "commitments.toml", "commitment"), "case"),
    )


def _files(folder: Path, pattern: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob(pattern)):
        yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))


def _by_code(cls: type[T], folder: Path, pattern: str, key: str) -> dict[str, T]:
    """Files whose tables are named by the code: `[HOUSING]`."""
    rows = ({key: code, **row} for _, content in _files(folder, pattern) for code, row in content.items())
    return _by_field(cls, rows, key)


def _rows(folder: Path, pattern: str, name: str) -> Iterator[dict[str, Any]]:
    """Files that hold one array of tables: `[[case]]`."""
    for _, content in _files(folder, pattern):
        yield from content[name]


def _by_field(cls: type[T], rows: Iterator[dict[str, Any]], key: str) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in rows:
        code = str(row.get(key))
        if code in found:
            raise ContentError(f"{cls.__name__} {code} stands there twice")
        found[code] = build(cls, row, f"{cls.__name__} {code}")
    return found


def _people(folder: Path) -> Iterator[dict[str, Any]]:
    """People with one appointment have it in the row itself; it is moved where the dataclass wants it."""
    for row in _rows(folder, "people.toml", "person"):
        yield row if "appointments" in row else _with_one_appointment(row)


def _with_one_appointment(row: Mapping[str, Any]) -> dict[str, Any]:
    one = {name: row[name] for name in _ONE_APPOINTMENT if name in row}
    return {**{name: value for name, value in row.items() if name not in one}, "appointments": [one]}
