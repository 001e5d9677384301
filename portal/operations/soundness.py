"""What must hold in every database of ours, and how to find out that it does not."""

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from portal import migrations
from portal.cases.history import HistoryEntry
from portal.cases.models import Case, CaseLink
from portal.kernel.db import Database
from portal.tables import metadata


def faults(database: Database) -> list[str]:
    """Every fault found, in plain words; empty when all is well."""
    with database.reading() as db:
        found = list(_of_version(db))
        if found:
            return found
        return [*_of_file(db), *_of_tables(db), *_of_rules(db)]


def row_counts(db: Session) -> dict[str, int]:
    """Rows per table, to compare a backup with what it was made from."""
    return {
        table.name: db.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }


def _of_version(db: Session) -> list[str]:
    fault = migrations.fault(db.connection())
    return [fault] if fault else []


def _of_file(db: Session) -> list[str]:
    if db.get_bind().dialect.name != "sqlite":
        return []
    rows = [row[0] for row in db.execute(text("PRAGMA integrity_check"))]
    broken = [] if rows == ["ok"] else [f"the file is damaged: {row}" for row in rows[:10]]
    loose = db.execute(text("PRAGMA foreign_key_check")).all()
    return broken + [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in loose[:10]]


def _of_tables(db: Session) -> list[str]:
    there = set(inspect(db.connection()).get_table_names())
    return [
        f"the table {table.name} is missing" for table in metadata.sorted_tables if table.name not in there
    ]


def _of_rules(db: Session) -> list[str]:
    """Rules between rows that no constraint can hold."""
    last = (
        select(HistoryEntry.case_id, func.max(HistoryEntry.id).label("id"))
        .where(HistoryEntry.target.is_not(None))
        .group_by(HistoryEntry.case_id)
        .subquery()
    )
    drifted = db.scalars(
        select(Case.ref)
        .join(last, last.c.case_id == Case.id)
        .join(HistoryEntry, HistoryEntry.id == last.c.id)
        .where(HistoryEntry.target != Case.state)
        .limit(10)
    )
    orphaned = db.scalars(
        select(Case.ref).where(~select(CaseLink.id).where(CaseLink.case_id == Case.id).exists()).limit(10)
    )
    return [f"case {ref} is not in the state its history ends in" for ref in drifted] + [
        f"case {ref} has no appeal" for ref in orphaned
    ]
