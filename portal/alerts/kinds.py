"""The kinds of alerts: what each is about, and how its words are found. Features register theirs.

An alert's row holds ids only. Its words are made when they are read or sent, in the reader's language, from
what the reader may still see: a loader that returns None takes the alert out of sight and out of the post.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.alerts.rules import Group


@dataclass(frozen=True)
class Recipient:
    """Who is told: a `person` of the staff, an `appeal` (its asker), a `follower` (a subscription)."""

    kind: str
    id: int


@dataclass(frozen=True)
class Told:
    """An alert as its loader sees it."""

    kind: str
    subject_id: int
    recipient: Recipient
    data: dict[str, Any]
    made_at: datetime


Loader = Callable[[Session, datetime, Told], dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """A kind of alert. Its template's first line is the title; the rest, if any, the text of a mail.

    The loader's context holds `path`, the address that the alert leads to, and may hold `about`, a line that is
    shown in the portal and never sent.
    """

    code: str
    group: Group
    template: str
    load: Loader


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; the same code again replaces it."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    """The kind, or None if no feature of this release knows it."""
    return _kinds.get(code)
