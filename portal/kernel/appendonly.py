"""Tables whose rows are never edited or deleted: the database itself refuses, at every door."""

from typing import Any

from sqlalchemy import Connection, Table, event, text

guarded: dict[str, bool] = {}
"""Guarded tables, and whether updates are refused too."""


def statements(table: str, dialect: str, *, updates: bool) -> list[str]:
    """The DDL that guards `table`. `updates`: also refuse updates, not only deletions."""
    acts = ["DELETE", "UPDATE"] if updates else ["DELETE"]
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in acts
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join([*acts, 'TRUNCATE'])} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def guard(table: Any, *, updates: bool = True) -> None:
    """Have the guards created with the table."""
    guarded[table.name] = updates

    @event.listens_for(table, "after_create")
    def create(target: Table, connection: Connection, **_: Any) -> None:
        for statement in statements(target.name, connection.dialect.name, updates=updates):
            connection.execute(text(statement.replace(":", "\\:")))
