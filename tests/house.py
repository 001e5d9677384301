"""The portal that tests share: made once per engine and process, founded anew for every test.

An application, its routes and its compiled statements take longer to make than most tests to run.
Nothing a test did is left to the next: database, uploads, limits, caches and settings begin again.
"""

import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask

from portal import migrations
from portal.app import create_app
from portal.deadlines.queries import forget_calendars
from portal.kernel.db import Database
from portal.kernel.keys import Keys
from portal.settings import Settings
from portal.tables import metadata
from portal.web import guarding
from portal.web.health import Kept
from portal.web.pagestore import PageStore
from tests.cast import ZONE, found_city
from tests.postgres import PostgresServer

KEYS = Keys(codes=b"a code key for tests only", data=(b"0123456789abcdef",))


class House:
    """One portal on one engine. `found()` before each test; `app` and `database` are the same objects throughout."""

    def __init__(self, folder: Path, server: PostgresServer | None = None) -> None:
        self._server = server
        self._template = folder / "template.db"
        self._file = folder / "city" / "portal.db"
        self.settings = Settings(
            database_url=server.create("city") if server else f"sqlite:///{self._file}",
            secret_key="a secret key for tests only",
            keys=KEYS,
            base_url="http://localhost",
            upload_dir=folder / "uploads",
        )
        url = server.create("template_city") if server else f"sqlite:///{self._template}"
        template = _open(url)
        metadata.create_all(template.writer)
        migrations.stamp(template)
        found_city(template)
        template.dispose()

    @cached_property
    def app(self) -> Flask:
        made = create_app(self.settings, owner=True)
        made.config["TESTING"] = True
        made.config["PROPAGATE_EXCEPTIONS"] = False
        self._as_made = _copied(made.extensions)
        return made

    @cached_property
    def database(self) -> Database:
        """The database without any application."""
        return _open(self.settings.database_url)

    def found(self) -> None:
        """The cast's city on its first day, whatever the test before did."""
        self.close()
        shutil.rmtree(self.settings.upload_dir, ignore_errors=True)
        if self._server:
            self._server.drop("city")
            self._server.create("city", template="template_city")
        else:
            shutil.rmtree(self._file.parent, ignore_errors=True)
            self._file.parent.mkdir()
            shutil.copy(self._template, self._file)
        forget_calendars()
        if "app" in self.__dict__:
            self._forget()

    def _forget(self) -> None:
        self.app.extensions.clear()
        self.app.extensions.update(_copied(self._as_made))
        guarding.init_app(self.app, self.settings)
        cache = self.app.extensions["portal_page_cache"]
        cache.store = PageStore(2**24, 1000)
        cache.hits = cache.misses = cache.unchanged = 0
        for probe in self.app.extensions["portal_probes"].values():
            if isinstance(probe, Kept):
                probe.forget()

    def close(self) -> None:
        """Every connection."""
        for opened in (self.__dict__.get("database"), self._apps_database()):
            if opened is not None:
                opened.dispose()

    def _apps_database(self) -> Database | None:
        return self._as_made["portal_database"] if "app" in self.__dict__ else None


def _copied(extensions: dict[str, Any]) -> dict[str, Any]:
    """A copy that a test may add probes and counts to without the next one seeing them."""
    return {name: dict(value) if type(value) is dict else value for name, value in extensions.items()}


def _open(url: str) -> Database:
    return Database(url, keys=KEYS, zone=ZONE, owner=True, pool_size=3)
