"""The one mail that goes to a mailbox before it said yes: do you want to follow this?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.alerts.kinds import Kind, Told
from portal.alerts.models import Subscription
from portal.alerts.rules import Group
from portal.alerts.service.following import CONFIRM, token_of
from portal.kernel.db import keys_of

Namer = Callable[[Session, int], str | None]
_namers: dict[str, Namer] = {}
_paths: dict[str, Namer] = {}


def register_target(kind: str, name: Namer, path: Namer | None = None) -> None:
    """Let the public follow things of this kind; `name` says what one is called, None if it is not public;
    `path` leads to its page."""
    _namers[kind] = name
    if path is not None:
        _paths[kind] = path


def target_name(db: Session, kind: str, number: int) -> str | None:
    """What somebody would follow, in the words of its own page; None if there is no such thing to follow."""
    namer = _namers.get(kind)
    return namer(db, number) if namer else None


def target_path(db: Session, kind: str, number: int) -> str | None:
    """Where its page is; None if it has none, or none that is public."""
    path = _paths.get(kind)
    return path(db, number) if path else None


def _load(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    row = db.get(Subscription, told.subject_id)
    if row is None or row.ended_at is not None or row.confirmed_at is not None:
        return None
    name = target_name(db, row.target_kind, row.target_id)
    if name is None:
        return None
    token = token_of(keys_of(db).codes, row.id)
    return {"name": name, "path": f"/follow/{row.id}/confirm?token={token}"}


CONFIRM_KIND = Kind(CONFIRM, Group.FOLLOWED, "alerts/confirm.txt", _load)
