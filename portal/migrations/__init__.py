"""The database's versions (Alembic): how a database of an older release becomes one of this release."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from portal.kernel.db import Database

FOLDER = Path(__file__).parent


def config() -> Config:
    """Alembic's settings; there is no alembic.ini, because the address comes from the portal's own."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    return made


@cache
def head() -> str:
    """The newest version this release knows: its own."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def version_of(connection: Connection) -> str | None:
    """The version a database is at, or None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def fault(connection: Connection) -> str:
    """What is wrong with the database's version and how to mend it; nothing when it is this release's."""
    version = version_of(connection)
    if version is None:
        return "there is no database yet: run `portal db upgrade`"
    if version != head():
        return f"the database is at {version}, this release needs {head()}: run `portal db upgrade`"
    return ""


def stamp(database: Database) -> None:
    """Say of a database made from the tables themselves that it is this release's (for tests)."""
    with database.transaction() as db:
        settings = config()
        settings.attributes["connection"] = db.connection()
        command.stamp(settings, "head")


def upgrade(database: Database, target: str = "head") -> tuple[str | None, str | None]:
    """Bring the database to `target`, in one transaction; returns the versions before and after."""
    with database.transaction() as db:
        connection = db.connection()
        before = version_of(connection)
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, target)
        return before, version_of(connection)


def downgrade(database: Database, target: str) -> None:
    """Take the database back to `target` (for tests and for the brave)."""
    with database.transaction() as db:
        settings = config()
        settings.attributes["connection"] = db.connection()
        command.downgrade(settings, target)
