"""Once per click: a client-made id, scoped to its actor, gives one effect and always the same answer."""

import hashlib
from datetime import datetime

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kernel.db import Base
from portal.kernel.errors import Refused
from portal.kernel.words import N_


class Once(Base):
    """An act that was done: scope and client id, a digest of what was asked, and the id of what came of it."""

    __tablename__ = "once"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    thing_id: Mapped[int]
    at: Mapped[datetime]


def digest(*parts: str) -> str:
    """A fingerprint of what was asked, so that the same id with another text can be told apart."""
    joined = "\x1f".join(parts).encode()
    return hashlib.sha256(joined).hexdigest()


def done_before(db: Session, scope: str, client_id: str, asked: str) -> int | None:
    """The id of what this act made the first time, or None; refused if the id was used for something else.

    A second click that arrives while the first is still at work waits for its end.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{scope}\x1f{client_id}", 0))))
    row = db.get(Once, (scope, client_id))
    if row is None:
        return None
    if row.digest != asked:
        raise Refused("used_for_another", N_("This form was already sent with other content."))
    return row.thing_id


def remember(db: Session, now: datetime, scope: str, client_id: str, asked: str, thing_id: int) -> None:
    """Note the act in its own transaction, so that a retry after a kill finds it."""
    db.add(Once(scope=scope, client_id=client_id, digest=asked, thing_id=thing_id, at=now))
