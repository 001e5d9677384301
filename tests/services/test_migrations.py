"""Migrations make exactly the tables the models describe, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from portal import migrations
from portal.kernel import appendonly, search
from portal.kernel.db import Database
from portal.tables import metadata


def test_an_empty_database_upgraded_is_the_models_exactly(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    with empty_database.transaction() as db:
        context = MigrationContext.configure(
            db.connection(),
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or "_search" not in (name or ""),
            },
        )
        assert compare_metadata(context, metadata) == [], "change the models and the migration together"


def test_search_indexes_and_guards_come_with_the_migration(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    with empty_database.reading() as db:
        tables = set(inspect(db.connection()).get_table_names())
        assert {f"{name}_search" for name in search.names} <= tables
        triggers = (
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
            if empty_database.dialect == "sqlite"
            else "SELECT event_object_table FROM information_schema.triggers"
        )
        assert set(appendonly.guarded) <= set(db.scalars(text(triggers)))


def test_upgrading_twice_changes_nothing(empty_database: Database) -> None:
    assert migrations.upgrade(empty_database) == (None, migrations.head())
    assert migrations.upgrade(empty_database) == (migrations.head(), migrations.head())


def test_a_migration_can_be_taken_back_whole(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    migrations.downgrade(empty_database, "base")
    with empty_database.reading() as db:
        left = set(inspect(db.connection()).get_table_names()) - {"alembic_version"}
    assert left == set()
    migrations.upgrade(empty_database)
