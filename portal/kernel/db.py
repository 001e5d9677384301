"""The database: typed base, engines, and the only two ways in — `reading()` and `transaction()`.

A transaction is commit-then-publish: facts told inside it reach their `after` handlers only once it is durable.
Reads use read-only connections with a snapshot and never take the write lane.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import QueuePool

from portal.kernel import events
from portal.kernel.aside import beside
from portal.kernel.keys import Keys
from portal.kernel.lane import Lane


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; refuses naive ones, which would silently mean another time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite only makes a plain INTEGER primary key the row's own number.
Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Every table of the portal. Table names are singular; ids are whole numbers given once."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime, int: Id, dict[str, Any]: JSON, list[Any]: JSON}


class Database:
    """One database, its reader and its writer.

    `owner=True` is the one long-lived process of an SQLite file: only it checkpoints.
    """

    def __init__(
        self,
        url: str,
        *,
        keys: Keys | None = None,
        zone: tzinfo = UTC,
        owner: bool = False,
        pool_size: int = 10,
    ) -> None:
        self._house = {"keys": keys, "zone": zone}
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        self._commits = 0
        self._polled: tuple[float, Any] = (0.0, None)
        self._lane: Lane | None = None
        if self.dialect == "sqlite":
            path = Path(self.url.database or "")
            if not path.name:
                raise ValueError("an SQLite address needs a file: sqlite:///var/portal.db")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lane = Lane(path.with_name(path.name + ".lane"))
            self.writer = _sqlite_engine(path, write=True, checkpoint=owner, pool_size=1)
            self.reader = _sqlite_engine(path, write=False, checkpoint=False, pool_size=pool_size)
        else:
            address = self.url.set(drivername="postgresql+psycopg")
            self.writer = create_engine(address, pool_size=pool_size, max_overflow=pool_size)
            self.reader = create_engine(
                address,
                pool_size=pool_size,
                max_overflow=pool_size,
                isolation_level="REPEATABLE READ",
                connect_args={"options": "-c default_transaction_read_only=on"},
            )

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A snapshot to read from; nothing can be written through it."""
        with Session(self.reader, autoflush=False, info=dict(self._house)) as db:
            yield db

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing: commits at the end, rolls back on any error, then tells the facts."""
        with (
            self._taken(),
            Session(self.writer, expire_on_commit=False, info=dict(self._house)) as db,
        ):
            yield db
            db.commit()
            self._commits += 1
        events.deliver(db.info.pop("published", []))

    def _taken(self) -> contextlib.AbstractContextManager[None]:
        return self._lane.taken() if self._lane else contextlib.nullcontext()

    def version(self) -> tuple[int, Any]:
        """Changes whenever the content may have changed: at once for commits of this process,
        within a second for those of another."""
        at, seen = self._polled
        moment = time.monotonic()
        if moment - at >= 1.0:
            seen = self._foreign_version()
            self._polled = (moment, seen)
        return (self._commits, seen)

    def _foreign_version(self) -> Any:
        if self.dialect == "sqlite":
            # data_version is relative to one connection, so that connection is kept.
            if not hasattr(self, "_probe"):
                self._probe = sqlite3.connect(
                    str(self.url.database), isolation_level=None, check_same_thread=False
                )
                self._probe_lock = threading.Lock()
            with self._probe_lock:
                return self._probe.execute("PRAGMA data_version").fetchone()[0]
        with self.reader.connect() as connection:
            # The running snapshot changes when a writing transaction begins and when it ends.
            return connection.execute(text("SELECT pg_current_snapshot()::text")).scalar_one()

    def dispose(self) -> None:
        """Close every connection."""
        if hasattr(self, "_probe"):
            self._probe.close()
            del self._probe
        self.reader.dispose()
        self.writer.dispose()


def keys_of(db: Session) -> Keys:
    """The installation's keys, for services that seal and unseal."""
    found: Keys | None = db.info["keys"]
    if found is None:
        raise RuntimeError("this database was opened without keys")
    return found


def zone_of(db: Session) -> tzinfo:
    """Where the city is: local days begin and end by this zone."""
    zone: tzinfo = db.info["zone"]
    return zone


class _Writing(sqlite3.Connection):
    """The writer's connection. A commit waits for the disk (milliseconds); readers need not wait with it."""

    def commit(self) -> None:
        beside(super().commit)


def _sqlite_engine(path: Path, *, write: bool, checkpoint: bool, pool_size: int) -> Engine:
    kind = _Writing if write else sqlite3.Connection

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False, factory=kind
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA busy_timeout={0 if write else 2000}")
        connection.execute("PRAGMA cache_size=-16000")
        if not checkpoint:
            connection.execute("PRAGMA wal_autocheckpoint=0")
        if not write:
            connection.execute("PRAGMA query_only=ON")
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0 if write else 20,
    )
    statement = "BEGIN IMMEDIATE" if write else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # Past the engine's own statement machinery, which takes longer than the statement.
        connection.connection.driver_connection.execute(statement)

    return engine
