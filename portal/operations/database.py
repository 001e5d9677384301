"""`portal db …`: upgrade, check, backup, restore."""

from pathlib import Path

import click
from sqlalchemy import text

from portal import migrations
from portal.kernel.db import Database
from portal.kernel.errors import PortalError
from portal.operations import backups, soundness
from portal.settings import Settings, load


def open_database(settings: Settings) -> Database:
    """The configured database, as a short command sees it."""
    return Database(settings.database_url, keys=settings.keys, zone=settings.timezone, pool_size=2)


@click.group()
def db() -> None:
    """The database: versions, soundness, backups."""


@db.command()
def upgrade() -> None:
    """Bring the database to the version of this release; makes it when there is none."""
    database = open_database(load())
    before, after = migrations.upgrade(database)
    click.echo(
        f"database at {after}" if before == after else f"database upgraded: {before or 'new'} → {after}"
    )


@db.command("check")
def check_database() -> None:
    """Look for damage: the file itself, references, the version, the rules that hold between rows."""
    database = open_database(load())
    faults = soundness.faults(database)
    for fault in faults:
        click.echo(f"fault: {fault}")
    if faults:
        raise PortalError("unsound", "the database has %(n)d faults", n=len(faults))
    click.echo("database sound")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Save database and attachments to FILE (never the keys) and prove it by restoring it aside."""
    settings = load()
    proof = backups.save(open_database(settings), settings, file)
    click.echo(
        f"saved {file}: {proof.rows} rows in {proof.tables} tables, {proof.files} attachments; restored and compared"
    )


@db.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Replace the database that is there.")
def restore(file: Path, replace: bool) -> None:
    """Bring database and attachments back from FILE. The server must be stopped."""
    settings = load()
    proof = backups.bring_back(settings, file, replace=replace)
    click.echo(f"restored {file}: {proof.rows} rows in {proof.tables} tables, {proof.files} attachments")


def current_version(database: Database) -> str | None:
    """The version the database is at, or None when it is empty."""
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        return migrations.version_of(session.connection())
