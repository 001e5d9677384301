"""What a form was made from: a mark of the row's values, so that two who edit at once do not undo each other.

For tables that change too seldom to need a version column.
"""

from hashlib import sha256
from typing import Any

from portal.kernel.errors import Conflict
from portal.kernel.words import N_


def mark(row: Any, fields: tuple[str, ...]) -> str:
    """A short mark of the row's present values in these fields."""
    values = "\x1f".join(f"{field}={getattr(row, field)!r}" for field in fields)
    return sha256(values.encode()).hexdigest()[:20]


def require_unchanged(row: Any, fields: tuple[str, ...], seen: str | None) -> None:
    """Raise when the row is not what it was when the form was made; None asks nothing (commands)."""
    if seen is not None and seen != mark(row, fields):
        raise Conflict(
            "changed_meanwhile",
            N_("Somebody else changed this while you were writing. Compare, then save again to replace it."),
        )


def put(row: Any, **values: Any) -> str:
    """Set the fields that differ; returns their names, parted by spaces."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return " ".join(changed)
