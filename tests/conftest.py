"""Databases, the application and its clients, shared by every test.

Each test finds the cast's city on its first day (`tests.house`): in an SQLite file, and with
`--database both` also in a PostgreSQL database of a private server started for the run.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from portal.identity import credentials
from portal.kernel.db import Database
from portal.settings import Settings
from tests.cast import ZONE, City
from tests.client import Client
from tests.house import KEYS, House
from tests.postgres import PostgresServer, server_binaries

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
def house(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[House]:
    """The shared portal; tests ask for `app`, `client`, `database` or `settings`."""
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    made = House(tmp_path_factory.mktemp("house"), server)
    yield made
    made.close()


@pytest.fixture
def settings(house: House) -> Settings:
    """How the shared portal is set up, founded anew for this test."""
    house.found()
    return house.settings


@pytest.fixture
def database_url(settings: Settings) -> str:
    return settings.database_url


@pytest.fixture
def database(house: House, settings: Settings) -> Database:
    """The database without any application."""
    return house.database


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
def app(house: House, settings: Settings) -> Flask:
    return house.app


@pytest.fixture
def city() -> City:
    """The named cast and their units, by id; the same in every test."""
    return City()


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody from the public."""
    return Client(app)
