"""Telling followers what became public of a case: its release, a correction, another state. Codes only."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.alerts.service import tell_followers
from portal.cases.workflow import CaseState
from portal.publishing.models import PublishedCase

RELEASED: Final = "case.released"
CORRECTED: Final = "case.corrected"
MOVED: Final = "case.moved"
TARGETS: Final = ("unit", "category", "area")
OF_NOTE = frozenset({CaseState.ANSWERED, CaseState.CLOSED})
"""What followers of a unit, a subject or a district hear of; whoever follows the case hears of every state."""


def released(db: Session, now: datetime, published: PublishedCase, *, correction: bool) -> None:
    """It can be read from now on, or reads otherwise than before."""
    kind = CORRECTED if correction else RELEASED
    targets = [("case", published.id), *([] if correction else _wide(published))]
    tell_followers(db, now, kind, published.id, targets, occasion=str(published.version))


def moved(
    db: Session, now: datetime, published: PublishedCase, before: dict[str, Any], occasion: str
) -> None:
    """Its public state is another one than before."""
    after = {name: getattr(published, name) for name in ("state", "outcome")}
    if after == {name: before[name] for name in after}:
        return
    opened_again = before["state"] == CaseState.CLOSED
    targets = [("case", published.id)]
    if published.state in OF_NOTE or opened_again:
        targets += _wide(published)
    tell_followers(db, now, MOVED, published.id, targets, occasion=occasion, data=after)


def _wide(published: PublishedCase) -> list[tuple[str, int]]:
    numbers = (published.unit_id, published.category_id, published.area_id)
    return [(kind, number) for kind, number in zip(TARGETS, numbers, strict=True) if number is not None]
