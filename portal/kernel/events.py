"""The bus: facts in the past tense, ids only (docs: house, sentence 5).

`within` handlers run inside the publishing transaction: what must never be lost.
`after` handlers run once the transaction is committed: courtesies, which reload what they need.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

E = TypeVar("E")
Within = Callable[[Session, datetime, Any], None]
After = Callable[[Any], None]

# Registering the same function twice is one registration, so several applications may live in one process.
_within: dict[type, dict[Within, None]] = {}
_after: dict[type, dict[After, None]] = {}


def within(kind: type[E], handler: Callable[[Session, datetime, E], None]) -> None:
    """Call `handler(db, now, event)` in the transaction that publishes a fact of this kind."""
    _within.setdefault(kind, {})[handler] = None


def after(kind: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler(event)` after the commit of a transaction that published a fact of this kind."""
    _after.setdefault(kind, {})[handler] = None


def publish(db: Session, now: datetime, event: Any) -> None:
    """Tell a fact: handlers of this transaction at once, the others after its commit."""
    for handler in _within.get(type(event), ()):
        handler(db, now, event)
    db.info.setdefault("published", []).append(event)


def deliver(published: list[Any]) -> None:
    """Hand committed facts to the `after` handlers, in the order in which they were told."""
    for event in published:
        for handler in _after.get(type(event), ()):
            handler(event)
