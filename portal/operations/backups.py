"""Backups: one file with the database, the attachments and a manifest; proven by restoring it aside.

Keys are never in a backup: whoever finds the file cannot read the contacts in it. Keep them elsewhere.
"""

import contextlib
import json
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from portal import migrations
from portal.kernel.db import Database
from portal.kernel.errors import PortalError
from portal.kernel.owner import OwnedElsewhere, claim
from portal.operations import soundness
from portal.settings import Settings

SQLITE, DUMP, MANIFEST = "portal.db", "portal.dump", "manifest.json"


@dataclass(frozen=True)
class Proof:
    """What a backup holds: counted when it was made, and counted again in the restored copy."""

    version: str
    tables: int
    rows: int
    files: int


def save(database: Database, settings: Settings, target: Path) -> Proof:
    """Save to `target`, restore it into a folder aside, compare; the file appears only if both agree."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        folder = Path(name)
        copy = _copy(database, folder)
        proof = _proof_of_copy(copy, settings.upload_dir)
        archive = folder / "archive"
        _pack(archive, copy, settings.upload_dir, proof)
        _verify(archive, folder / "aside", proof, database.url)
        archive.replace(target)
    return proof


def bring_back(settings: Settings, source: Path, *, replace: bool) -> Proof:
    """Restore database and attachments. Refused while a server runs, or over data without `replace`."""
    url = make_url(settings.database_url)
    if not replace and _has_data(settings.database_url):
        raise PortalError(
            "has_data", "there is a database already; add --replace to put the backup in its place"
        )
    parent = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path.cwd()
    parent.mkdir(parents=True, exist_ok=True)
    with _no_server(url), tempfile.TemporaryDirectory(dir=parent, prefix=".restore-") as name:
        folder = Path(name)
        proof = _unpack(source, folder)
        _install(folder, url)
        _install_files(folder / "uploads", settings.upload_dir)
    return proof


@contextlib.contextmanager
def _no_server(url: URL) -> Iterator[None]:
    """Hold the SQLite file's claim meanwhile, so that no server runs on what is being replaced."""
    if url.get_backend_name() != "sqlite":
        yield
        return
    try:
        held = claim(Path(url.database or ""))
    except OwnedElsewhere as error:
        raise PortalError("server_running", "%(why)s", why=str(error)) from error
    try:
        yield
    finally:
        held.release()


def _copy(database: Database, folder: Path) -> Path:
    if database.dialect == "sqlite":
        copy = folder / SQLITE
        with sqlite3.connect(str(database.url.database)) as source, sqlite3.connect(copy) as sink:
            source.backup(sink, pages=2000, sleep=0.005)
            sink.execute("PRAGMA journal_mode=DELETE")
        source.close()
        sink.close()
        return copy
    copy = folder / DUMP
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={copy}", _address(database.url))
    return copy


def _proof_of_copy(copy: Path, uploads: Path) -> Proof:
    files = sum(1 for path in uploads.rglob("*") if path.is_file()) if uploads.exists() else 0
    if copy.name != SQLITE:
        return Proof(migrations.head(), 0, 0, files)
    aside = Database(f"sqlite:///{copy}", pool_size=1)
    try:
        with aside.reading() as db:
            counts = soundness.row_counts(db)
            return Proof(
                migrations.version_of(db.connection()) or "", len(counts), sum(counts.values()), files
            )
    finally:
        aside.dispose()


def _pack(archive: Path, copy: Path, uploads: Path, proof: Proof) -> None:
    manifest = copy.with_name(MANIFEST)
    manifest.write_text(json.dumps(asdict(proof)))
    with tarfile.open(archive, "w:gz", compresslevel=5) as tar:
        tar.add(manifest, MANIFEST)
        tar.add(copy, copy.name)
        if uploads.exists():
            tar.add(uploads, "uploads")


def _verify(archive: Path, aside: Path, proof: Proof, url: URL) -> None:
    aside.mkdir()
    if _unpack(archive, aside) != proof:
        raise PortalError("backup_differs", "the backup does not restore to what was saved; nothing was kept")
    files = sum(1 for path in (aside / "uploads").rglob("*") if path.is_file())
    if files != proof.files:
        raise PortalError("backup_differs", "attachments changed while the backup was made; please try again")
    if (aside / SQLITE).exists():
        faults = _faults_of(f"sqlite:///{aside / SQLITE}")
        if faults or _proof_of_copy(aside / SQLITE, aside / "uploads") != proof:
            raise PortalError(
                "backup_unsound",
                "the restored copy is not sound: %(what)s",
                what="; ".join(faults) or "counts differ",
            )
    else:
        _verify_dump(aside / DUMP, url)


def _verify_dump(dump: Path, url: URL) -> None:
    """Restore the dump into a database aside and compare its soundness; dropped afterwards."""
    name = f"{url.database}_verify"
    admin = Database(url.set(database="postgres").render_as_string(hide_password=False), pool_size=1)
    engine = admin.writer.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        aside = url.set(database=name)
        _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_address(aside)}", str(dump))
        faults = _faults_of(aside.render_as_string(hide_password=False))
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        admin.dispose()
    if faults:
        raise PortalError(
            "backup_unsound", "the restored copy is not sound: %(what)s", what="; ".join(faults)
        )


def _faults_of(url: str) -> list[str]:
    aside = Database(url, pool_size=1)
    try:
        return soundness.faults(aside)
    finally:
        aside.dispose()


def _unpack(archive: Path, folder: Path) -> Proof:
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        return Proof(**json.loads((folder / MANIFEST).read_text()))
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, TypeError) as error:
        raise PortalError(
            "not_a_backup", "%(file)s is not a backup of this portal, or it is damaged", file=archive.name
        ) from error


def _install(folder: Path, url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        if not (folder / SQLITE).exists():
            raise PortalError("other_engine", "this backup was made from PostgreSQL; restore it there")
        target = Path(url.database or "")
        (folder / SQLITE).replace(target)
        for rest in ("-wal", "-shm"):
            target.with_name(target.name + rest).unlink(missing_ok=True)
    else:
        if not (folder / DUMP).exists():
            raise PortalError("other_engine", "this backup was made from SQLite; restore it there")
        _run(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--exit-on-error",
            f"--dbname={_address(url)}",
            str(folder / DUMP),
        )


def _install_files(source: Path, target: Path) -> None:
    for path in source.rglob("*") if source.exists() else ():
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


def _has_data(url: str) -> bool:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Path(parsed.database or "").exists()
    database = Database(url, pool_size=1)
    try:
        with database.reading() as db:
            return migrations.version_of(db.connection()) is not None
    finally:
        database.dispose()


def _address(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(command: str, *arguments: str) -> None:
    try:
        subprocess.run([command, *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise PortalError(
            "no_tool", "%(tool)s is not installed: it comes with PostgreSQL's client", tool=command
        ) from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr or "").strip().splitlines()[-1:] or [""]
        raise PortalError("tool_failed", "%(tool)s failed: %(why)s", tool=command, why=last[0]) from error
