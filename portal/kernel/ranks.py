"""The order in which an office wants its lists: a `sort` number per row, neighbours changing places."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

STEP = 10


def last(db: Session, column: InstrumentedAttribute[int]) -> int:
    """A place after all others."""
    return (db.scalar(select(func.max(column))) or 0) + STEP


def move(rows: Sequence[Any], row: Any, *, up: bool) -> bool:
    """Swap a row with its neighbour in `rows` (in their present order), which are numbered anew; False at the
    end of the list."""
    place = rows.index(row)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return False
    order = list(rows)
    order[place], order[other] = order[other], order[place]
    for number, moved in enumerate(order, 1):
        moved.sort = number * STEP
    return True
