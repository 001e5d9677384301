"""Counting SQL: `with counted(app) as statements:` … `len(statements)`. Counts, never times."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.kernel.db import Database


@contextmanager
def counted(what: Flask | Database) -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile, in order, without BEGIN and the like."""
    database: Database = what.extensions["portal_database"] if isinstance(what, Flask) else what
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engines = (database.reader, database.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
