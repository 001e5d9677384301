"""Full-text search by two-character pairs, the same in SQLite (FTS5) and PostgreSQL (tsvector).

An index is a table of its own, `<name>_search`, whose row number is that of the thing it finds, so newest
first is simply the greatest number first. The text of a pair index is rebuilt from the things themselves.
"""

from typing import Any

from sqlalchemy import Connection, TextClause, event, text
from sqlalchemy.orm import Session

from portal.kernel.db import Base
from portal.kernel.pairs import fts5_query, index_text, tsquery

names: list[str] = []
"""The declared indexes."""


def declare(name: str) -> str:
    """Declare an index once, at import; it is created with the tables. Returns its table's name."""
    if name not in names:
        names.append(name)
    return f"{name}_search"


def create(connection: Connection, name: str) -> None:
    """Create one index's table."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text(f"CREATE VIRTUAL TABLE {name}_search USING fts5(pairs, tokenize='unicode61')")
        )
    else:
        connection.execute(
            text(f"CREATE TABLE {name}_search (rowid bigint PRIMARY KEY, pairs tsvector NOT NULL)")
        )
        connection.execute(text(f"CREATE INDEX ix_{name}_search_pairs ON {name}_search USING gin (pairs)"))


def drop(connection: Connection, name: str) -> None:
    """Drop one index's table."""
    connection.execute(text(f"DROP TABLE {name}_search"))


@event.listens_for(Base.metadata, "after_create")
def _create_all(target: Any, connection: Connection, **_: Any) -> None:
    for name in names:
        create(connection, name)


def put(db: Session, name: str, rows: list[tuple[int, str]], *, fresh: bool = False) -> None:
    """Index `rows` of (number, text). `fresh` says that none of them can be in the index yet."""
    if rows and not fresh:
        remove(db, name, [number for number, _ in rows])
    put_terms(db, name, [(number, index_text(words)) for number, words in rows])


def put_terms(db: Session, name: str, rows: list[tuple[int, str]]) -> None:
    """Index things that are not in the index yet, by terms that `pairs.index_text` made beforehand.

    Parts of a text may be made apart and joined by spaces, where the text would have had a line break.
    """
    if not rows:
        return
    value = ":pairs" if db.get_bind().dialect.name == "sqlite" else "to_tsvector('simple', :pairs)"
    db.execute(
        text(f"INSERT INTO {name}_search (rowid, pairs) VALUES (:number, {value})"),
        [{"number": number, "pairs": terms} for number, terms in rows],
    )


def remove(db: Session, name: str, numbers: list[int]) -> None:
    """Take things out of the index (erased, withdrawn)."""
    db.execute(text(f"DELETE FROM {name}_search WHERE rowid = :number"), [{"number": n} for n in numbers])


def purge(db: Session, name: str, *, first: bool, pages: int = 200) -> bool:
    """One short step of rewriting an index, so that words taken out of it leave the file; whether more is to do.

    FTS5 only marks what is removed and keeps its words until segments are merged. PostgreSQL's own vacuum does
    this by itself.
    """
    if db.get_bind().dialect.name != "sqlite":
        return False
    connection = db.connection()
    before = connection.execute(text("SELECT total_changes()")).scalar_one()
    # A negative number begins a whole rewriting, a positive one carries it on.
    step = {"pages": -pages if first else pages}
    connection.execute(
        text(f"INSERT INTO {name}_search ({name}_search, rank) VALUES ('merge', :pages)"), step
    )
    after = connection.execute(text("SELECT total_changes()")).scalar_one()
    return bool(after - before >= 2)


def matching(name: str, words: str, dialect: str) -> TextClause | None:
    """A condition `<number> IN (…)` body: the subselect of numbers that match, or None if nothing can."""
    query = fts5_query(words) if dialect == "sqlite" else tsquery(words)
    if not query:
        return None
    if dialect == "sqlite":
        body = f"SELECT rowid FROM {name}_search WHERE {name}_search MATCH :words"
    else:
        body = f"SELECT rowid FROM {name}_search WHERE pairs @@ to_tsquery('simple', :words)"
    return text(body).bindparams(words=query)
