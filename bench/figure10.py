"""Figure 10: import of real appeals, searchable and with repeats recognised, against bare `executemany`.

"The same rows" can be read in two ways, so both are measured. 10a: all rows that the import writes (appeal, case,
sealed contact, prints, history, search terms …), made beforehand, by `executemany` into the same tables: what the
import costs beyond writing. 10b: the files' rows as they are, into one plain table that nobody can search; the
search index alone costs more than the goal leaves for everything. Needs `OPENLOUNGE_DATA`.
"""

import csv
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import select

from bench.harness import AT_LEAST, Figure, in_turns
from bench.portal_site import command
from portal.cases.models import Channel
from portal.cases.past import PastAppeal, PastReply, prepare
from portal.cases.service import bulk
from portal.demo import content, founding
from portal.identity.actors import SYSTEM
from portal.kernel import clock
from portal.kernel.db import Database
from portal.settings import load

FILES = ("messages_votes.csv", "messages_category.csv", "messages_replies.csv")
BATCH = 500
Row = tuple[str, str, str, str, str, str]


def rows(folder: Path) -> list[Row]:
    """Number, user, title, moment, body and reply of every appeal of the files."""
    found = []
    for name in FILES:
        with (folder / "cn" / name).open(encoding="utf-8", newline="") as file:
            found += [
                (
                    f"{name[9]}{row['id']}",
                    row["user"],
                    row["title"],
                    row["created_at"],
                    row["body"],
                    row.get("reply") or "",
                )
                for row in csv.DictReader(file)
            ]
    return found


def figures(runs: int) -> Iterator[Figure]:
    found = rows(Path(os.environ["OPENLOUNGE_DATA"]))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        made = Path(folder) / "portal.db"
        ours = lambda: len(found) / imported(made, found)  # noqa: E731
        copied = Path(folder) / "copied.db"
        mine, theirs = in_turns(ours, lambda: len(found) / replayed(made, copied, len(found)), runs)
        name = "import against executemany of all rows it writes"
        remark = f"{len(found):,} appeals"
        yield Figure("10a", name, "/s", 0.2, AT_LEAST, mine, theirs, remark)
        mine, theirs = in_turns(ours, lambda: len(found) / bare(Path(folder) / "bare.db", found), runs)
        name = "import against executemany of the files' rows into one plain table"
        yield Figure("10b", name, "/s", 0.2, AT_LEAST, mine, theirs)


def empty(path: Path) -> None:
    """A fresh city without cases."""
    for old in path.parent.glob(path.name + "*"):
        old.unlink()
    command(str(path.parent), "db", "upgrade", PORTAL_DATABASE_URL=f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}", owner=True)
    with database.transaction() as db:
        founding.found(db, clock.now(), content.load())
    database.dispose()


def imported(path: Path, found: list[Row]) -> float:
    """Seconds to take all in; everything a reader or moderator needs is there afterwards."""
    empty(path)
    keys = load().keys
    database = Database(f"sqlite:///{path}", keys=keys, owner=True)
    with database.reading() as db:
        channel = db.scalars(select(Channel.id)).first() or 0
    began = perf_counter()
    for start in range(0, len(found), BATCH):
        prepared = [prepare(keys, past(row)) for row in found[start : start + BATCH]]
        with database.transaction() as db:
            bulk.take_in(db, clock.now(), SYSTEM, channel, prepared)
    seconds = perf_counter() - began
    database.dispose()
    return seconds


def past(row: Row) -> PastAppeal:
    number, user, title, moment, body, reply = row
    at = parsed(moment)
    return PastAppeal(
        external_id=number,
        title=title,
        body=body,
        kind="help",
        occurred_at=at,
        raw={"id": number, "user": user, "created_at": moment},
        contact={"name": user, "phone": "", "email": ""},
        reply=PastReply(reply, at) if reply else None,
    )


def parsed(moment: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(moment, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return datetime(2020, 1, 1, tzinfo=UTC)


def bare(path: Path, found: list[Row]) -> float:
    """Seconds to put the rows into one table, as durably."""
    with durable(path) as raw:
        raw.execute("CREATE TABLE row (number TEXT PRIMARY KEY, user, title, moment, body, reply)")
        began = perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)", found)
        raw.execute("COMMIT")
        return perf_counter() - began


def replayed(made: Path, path: Path, count: int) -> float:
    """Seconds to write by `executemany` all rows that the import wrote, into tables of the same shape."""
    empty(path)
    with sqlite3.connect(made) as source, durable(path, fresh=False) as raw:
        tables = [
            name
            for (name,) in source.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT NULL"
            )
            if not name.startswith(("sqlite_", "case_search_"))
        ]
        work = []
        for name in tables:
            columns = [column[1] for column in source.execute(f"PRAGMA table_info('{name}')")]
            chosen = (
                "rowid, pairs" if name == "case_search" else ", ".join(f'"{column}"' for column in columns)
            )
            all_rows = source.execute(f'SELECT {chosen} FROM "{name}"').fetchall()
            if len(all_rows) >= count // 4:
                holes = ", ".join("?" * len(all_rows[0]))
                work.append((f'INSERT INTO "{name}" ({chosen}) VALUES ({holes})', all_rows))
        began = perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        for statement, all_rows in work:
            raw.executemany(statement, all_rows)
        raw.execute("COMMIT")
        return perf_counter() - began


def durable(path: Path, *, fresh: bool = True) -> sqlite3.Connection:
    if fresh:
        for old in path.parent.glob(path.name + "*"):
            old.unlink()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    return raw
