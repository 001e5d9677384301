"""The application's database, for doors: one snapshot per request to read, `transaction()` to write."""

from contextlib import AbstractContextManager

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from portal.kernel.db import Database
from portal.settings import Settings


def init_app(app: Flask, database: Database, settings: Settings) -> None:
    """Keep the database and settings with the application and end each request's snapshot."""
    app.extensions["portal_database"] = database
    app.extensions["portal_settings"] = settings
    app.teardown_appcontext(_end)


def database() -> Database:
    """The application's database."""
    found: Database = current_app.extensions["portal_database"]
    return found


def settings() -> Settings:
    """The application's settings."""
    found: Settings = current_app.extensions["portal_settings"]
    return found


def reader() -> Session:
    """The request's snapshot; opened at first use, the same until `transaction()` ends or the request does."""
    if "reader" not in g:
        g.reader_context = database().reading()
        g.reader = g.reader_context.__enter__()
    session: Session = g.reader
    return session


def transaction() -> AbstractContextManager[Session]:
    """A write transaction. What was read before is old news afterwards, so the snapshot is let go first."""
    _end(None)
    return database().transaction()


def _end(_error: BaseException | None) -> None:
    g.pop("reader", None)
    context = g.pop("reader_context", None)
    if context is not None:
        context.__exit__(None, None, None)
