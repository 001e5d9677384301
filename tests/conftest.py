"""Databases, the application and its clients, shared by every test.

Each test gets a database of its own, copied from a template made once: an SQLite file, and with
`--database both` also a PostgreSQL database from a private server started for the run.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from portal import migrations
from portal.app import create_app
from portal.identity import credentials
from portal.kernel.db import Database
from portal.kernel.keys import Keys
from portal.settings import Settings
from portal.tables import metadata
from tests.cast import ZONE, City, found_city
from tests.client import Client
from tests.postgres import PostgresServer, server_binaries

KEYS = Keys(codes=b"a code key for tests only", data=(b"0123456789abcdef",))
pytest_plugins = ["tests.browser"]
# Real argon2id, at a strength that lets a suite sign in hundreds of times.
credentials.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
IN_CI = os.environ.get("CI") == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgres", "both"], default="sqlite")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        metafunc.parametrize(
            "engine", ["sqlite", "postgres"] if chosen == "both" else [chosen], scope="session"
        )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    binaries = server_binaries()
    if binaries is None:
        if IN_CI:
            pytest.fail("PostgreSQL is required in CI")
        pytest.skip("no PostgreSQL server binaries on this machine")
    with PostgresServer(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def template(engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """The address of a database with tables and the cast's city in it, to be copied."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('template')}/portal.db"
    else:
        url = request.getfixturevalue("postgres_server").create("template_city")
    database = Database(url, keys=KEYS, zone=ZONE, owner=True)
    metadata.create_all(database.writer)
    migrations.stamp(database)
    found_city(database)
    database.dispose()
    return url


@pytest.fixture
def database_url(engine: str, template: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine == "sqlite":
        target = tmp_path / "portal.db"
        shutil.copy(template.removeprefix("sqlite:///"), target)
        yield f"sqlite:///{target}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.fresh_name()
    yield server.create(name, template="template_city")
    server.drop(name)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="a secret key for tests only",
        keys=KEYS,
        base_url="http://localhost",
        upload_dir=tmp_path / "uploads",
    )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database without any application."""
    found = Database(database_url, keys=KEYS, zone=ZONE, owner=True, pool_size=3)
    yield found
    found.dispose()


@pytest.fixture
def empty_database(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without a single table."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create(server.fresh_name())
    found = Database(url, keys=KEYS, zone=ZONE, owner=True, pool_size=3)
    yield found
    found.dispose()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings, owner=True)
    made.config["TESTING"] = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    yield made
    made.extensions["portal_database"].dispose()


@pytest.fixture
def city() -> City:
    """The named cast and their units, by id; the same in every test."""
    return City()


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody from the public."""
    return Client(app)
