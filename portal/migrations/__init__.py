"""The database's versions (Alembic): how a database of an older release becomes one of this release."""

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


def head() -> str:
    """The newest version this release knows."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def version_of(connection: Connection) -> str | None:
    """The version a database is at, or None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


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
