"""Databases with 10,000, 100,000 or 1,000,000 published cases, for figures 6 and 8.

Only what public pages read is made: the city, the published cases with their details, the search index.
Written in bulk, past the services, and kept in `var/bench` until the code that shapes them changes.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import create_engine, insert, text

from bench.harness import ROOT
from bench.portal_site import command
from portal.demo import content, founding, invention
from portal.kernel import clock
from portal.kernel.db import Database
from portal.kernel.pairs import index_text
from portal.publishing import rules
from portal.publishing.models import INDEX, PublicCount, PublishedCase, PublishedDetail
from portal.publishing.queries import choices
from portal.publishing.service import indexing

KEPT = ROOT / "var/bench"
DISTINCT = 20_000
CHUNK = 5_000
LAST_DAY = datetime(2026, 6, 18, 6, 0, tzinfo=UTC)
SHAPED_BY = (
    "bench/many_cases.py",
    "portal/publishing/models.py",
    "portal/publishing/rules.py",
    "portal/publishing/service/indexing.py",
    "portal/kernel/pairs.py",
    "portal/migrations/versions/*.py",
)


def folder(count: int) -> Path:
    """A folder with a portal.db of that many published cases; made when it is not there."""
    found = KEPT / f"{count}-{_shape()}"
    if not (found / "ready").exists():
        found.mkdir(parents=True, exist_ok=True)
        for old in found.glob("portal.db*"):
            old.unlink()
        _make(found, count)
        (found / "ready").touch()
    return found


def _shape() -> str:
    sources = sorted(path for pattern in SHAPED_BY for path in ROOT.glob(pattern))
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:10]


def _make(found: Path, count: int) -> None:
    command(str(found), "db", "upgrade")
    database = Database(f"sqlite:///{found}/portal.db", owner=True)
    with database.transaction() as db:
        founding.found(db, clock.now(), content.load())
    with database.reading() as db:
        city = choices.load(db)
    database.dispose()
    engine = create_engine(f"sqlite:///{found}/portal.db")
    rows = _rows(count, city)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA synchronous=OFF"))
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        while chunk := list(islice(rows, CHUNK)):
            connection.execute(insert(PublishedCase), [row for row, _, _ in chunk])
            connection.execute(insert(PublishedDetail), [detail for _, detail, _ in chunk])
            connection.execute(
                text(f"INSERT INTO {INDEX}_search (rowid, pairs) VALUES (:id, :pairs)"),
                [{"id": row["id"], "pairs": pairs} for row, _, pairs in chunk],
            )
            connection.commit()
        connection.execute(text("ANALYZE"))
        connection.execute(insert(PublicCount).prefix_with("OR IGNORE"), {"name": "received", "value": count})
        connection.commit()
    with sqlite3.connect(found / "portal.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(count: int, city: choices.Choices) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """Row, detail and search terms of each case, oldest first."""
    random = Random(7)
    for number in range(1, count + 1):
        case = _invented(random.randrange(DISTINCT))
        tier = random.choices(rules.TIERS, (8, 1, 1))[0]
        row = {
            "id": number,
            "ref": f"B{number:08d}",
            "case_id": number,
            "title": case.title,
            "tier": tier,
            "kind": str(case.kind),
            "party_kind": str(case.party),
            "unit_id": _number(city, "unit", case.unit),
            "unit_name": case.unit,
            "category_id": _number(city, "category", case.category),
            "area_id": _number(city, "area", case.area),
            **_course(number, (count - number) * 900 // count, case, is_open=random.random() < 0.1),
        }
        terms = indexing.terms_of(PublishedCase(**row), city)
        yield row, _detail(number, case), f"{index_text(' '.join((*terms, row['ref'])))} {_pairs(case)}"


def _course(number: int, days_ago: int, case: invention.InventedCase, *, is_open: bool) -> dict[str, Any]:
    """How far the case has come, and when."""
    closed = LAST_DAY - timedelta(days=days_ago) + timedelta(seconds=number % 3600)
    return {
        "state": "handling" if is_open else "closed",
        "outcome": rules.OPEN if is_open else str(case.closing),
        "received_on": (LAST_DAY - timedelta(days=days_ago + 9)).date(),
        "answered_on": None if is_open else closed.date(),
        "closed_at": None if is_open else closed,
        "due_day": (LAST_DAY + timedelta(days=number % 12 + 1)).date() if is_open else None,
        "workdays_used": 6,
        "workdays_limit": 10,
        "first_published_at": closed,
        "published_at": closed,
    }


def _detail(number: int, case: invention.InventedCase) -> dict[str, Any]:
    return {
        "published_case_id": number,
        "body": case.text,
        "reply": case.reply,
        "facts": {},
        "clock": {},
        "timeline": [],
        "gates": {},
        "ratings": {},
        "fingerprint": "0" * 64,
    }


@lru_cache(maxsize=DISTINCT)
def _invented(seed: int) -> invention.InventedCase:
    names = {code: unit.short or unit.name for code, unit in content.load().units.items()}
    return invention.invent(invention.ingredients(), Random(seed), names)


@lru_cache(maxsize=DISTINCT)
def _pairs(case: invention.InventedCase) -> str:
    return index_text(f"{case.title}\n{case.text}\n{case.reply}")


def _number(city: choices.Choices, facet: str, code: str) -> int | None:
    found = city.number(facet, code)
    if found is None and facet == "unit":
        found = _unit_numbers(json.dumps(sorted((unit.code, unit.id) for unit in city.unit.values()))).get(
            code
        )
    return found


@lru_cache(maxsize=1)
def _unit_numbers(slugs: str) -> dict[str, int]:
    """Units are invented by code, and known to the public by slug."""
    by_slug = dict(json.loads(slugs))
    return {code: by_slug[unit.slug] for code, unit in content.load().units.items() if unit.slug in by_slug}
