"""The newest notices, for the front page."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.notices import queries

MOST = 4


def load_newest(db: Session, now: datetime, actor: Actor) -> dict[str, Any] | None:
    """Nothing before there is one."""
    found = queries.newest(db, MOST)
    return {"notices": found} if found else None
