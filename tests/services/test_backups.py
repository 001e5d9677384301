"""A backup is only worth what it restores to."""

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from portal import migrations
from portal.identity import service
from portal.identity.actors import SYSTEM
from portal.identity.models import Person
from portal.kernel.db import Database
from portal.kernel.errors import PortalError
from portal.kernel.owner import claim
from portal.operations import backups, soundness
from portal.settings import Settings
from tests.cast import NOW


@pytest.fixture
def running(empty_database: Database, settings: Settings) -> tuple[Database, Settings]:
    """An upgraded database with one person and one attachment."""
    migrations.upgrade(empty_database)
    with empty_database.transaction() as db:
        service.add_person(db, NOW, SYSTEM, "梅若兰", staff_number="1001")
    settings.upload_dir.mkdir()
    (settings.upload_dir / "a").write_bytes(b"evidence")
    url = empty_database.url.render_as_string(hide_password=False)
    return empty_database, replace(settings, database_url=url)


def test_what_was_saved_comes_back_with_its_attachments(
    running: tuple[Database, Settings], tmp_path: Path
) -> None:
    database, settings = running
    proof = backups.save(database, settings, tmp_path / "b.tgz")
    assert proof.files == 1
    with database.transaction() as db:
        service.add_person(db, NOW, SYSTEM, "后来的", staff_number="9")
    (settings.upload_dir / "a").unlink()
    database.dispose()
    backups.bring_back(settings, tmp_path / "b.tgz", replace=True)
    assert (settings.upload_dir / "a").read_bytes() == b"evidence"
    again = Database(settings.database_url, pool_size=1)
    with again.reading() as db:
        assert db.scalars(select(Person.name)).all() == ["梅若兰"]
    assert soundness.faults(again) == []
    again.dispose()


def test_a_backup_holds_no_key(running: tuple[Database, Settings], tmp_path: Path) -> None:
    database, settings = running
    backups.save(database, settings, tmp_path / "b.tgz")
    with tarfile.open(tmp_path / "b.tgz") as tar:
        assert {Path(name).parts[0] for name in tar.getnames()} <= {
            "manifest.json",
            "portal.db",
            "portal.dump",
            "uploads",
        }


def test_a_restore_over_data_has_to_be_meant(running: tuple[Database, Settings], tmp_path: Path) -> None:
    database, settings = running
    backups.save(database, settings, tmp_path / "b.tgz")
    with pytest.raises(PortalError, match="--replace"):
        backups.bring_back(settings, tmp_path / "b.tgz", replace=False)


def test_a_damaged_backup_is_refused_and_the_database_stays(
    running: tuple[Database, Settings], tmp_path: Path
) -> None:
    database, settings = running
    backups.save(database, settings, tmp_path / "b.tgz")
    whole = (tmp_path / "b.tgz").read_bytes()
    (tmp_path / "b.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PortalError, match="damaged"):
        backups.bring_back(settings, tmp_path / "b.tgz", replace=True)
    assert soundness.faults(database) == []


def test_nothing_is_restored_under_a_running_server(
    running: tuple[Database, Settings], tmp_path: Path
) -> None:
    database, settings = running
    if database.dialect != "sqlite":
        pytest.skip("only an SQLite file has one owner")
    backups.save(database, settings, tmp_path / "b.tgz")
    held = claim(Path(database.url.database or ""))
    with pytest.raises(PortalError, match="already serves"):
        backups.bring_back(settings, tmp_path / "b.tgz", replace=True)
    held.release()


def test_a_broken_reference_is_found(running: tuple[Database, Settings]) -> None:
    database, _ = running
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL does not let a reference break")
    engine = database.writer
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("ROLLBACK") if raw.in_transaction else None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("INSERT INTO recovery_code (person_id, code_hash) VALUES (999, 'x')")
        raw.execute("PRAGMA foreign_keys=ON")
    assert any("missing person" in fault for fault in soundness.faults(database))


def test_an_old_version_is_told_with_its_mend(empty_database: Database) -> None:
    assert "portal db upgrade" in soundness.faults(empty_database)[0]
    migrations.upgrade(empty_database)
    with empty_database.transaction() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "0000" in soundness.faults(empty_database)[0]
