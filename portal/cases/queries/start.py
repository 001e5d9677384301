"""The start page and the side column: what is mine to do today, saved filters and their counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, SavedFilter
from portal.cases.queries.choices import Choices
from portal.cases.queries.conditions import Seen, capped, conditions
from portal.cases.queries.filters import Filter, parse_query
from portal.cases.queries.turns import my_turn
from portal.cases.queries.worklist import BY_DUE, WorklistRow, first_rows, row_of
from portal.cases.subjects import visible
from portal.deadlines.stages import Stage
from portal.kernel.workdays import Calendar

MOST_AT_SIDE = 99


@dataclass(frozen=True, slots=True)
class Today:
    """What is mine to do: late, due today, next; `more` says that only the first are shown."""

    overdue: tuple[WorklistRow, ...]
    due_today: tuple[WorklistRow, ...]
    next: tuple[WorklistRow, ...]
    more: bool

    @property
    def pressing(self) -> int:
        return len(self.overdue) + len(self.due_today)


def today(db: Session, seen: Seen, calendar: Calendar, *, most: int = 40) -> Today:
    """What waits for an act of this person, the most pressing first. One statement."""
    where = (visible(seen.actor), my_turn(seen.actor), Case.is_history.is_(False))
    rows = db.execute(first_rows(where, BY_DUE, most + 1)).all()
    made = [row_of(row, seen, calendar) for row in rows[:most]]
    late = [row for row in made if row.due.stage in (Stage.OVERDUE, Stage.VERY_LATE)]
    now_due = [row for row in made if row not in late and row.due.day == seen.today and row.due.at]
    rest = [row for row in made if row not in late and row not in now_due]
    return Today(tuple(late), tuple(now_due), tuple(rest), len(rows) > most)


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A filter that somebody kept."""

    id: int
    name: str
    query: str


def saved_filters(db: Session, person_id: int) -> list[SavedRow]:
    """A person's own filters, in the order of their names."""
    rows = db.execute(
        select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
        .where(SavedFilter.person_id == person_id)
        .order_by(SavedFilter.name)
    )
    return [SavedRow(row.id, row.name, row.query) for row in rows]


def counts(db: Session, seen: Seen, wanted: Sequence[Filter], lists: Choices) -> list[int]:
    """How many cases each filter finds, up to `MOST_AT_SIDE` + 1. One statement for all of them."""
    if not wanted:
        return []
    columns = [
        capped([visible(seen.actor), *conditions(db, seen, one, lists)], MOST_AT_SIDE).label(f"n{number}")
        for number, one in enumerate(wanted)
    ]
    return [int(value) for value in db.execute(select(*columns)).one()]


def saved_as_filter(row: SavedRow) -> Filter:
    """The filter behind a name."""
    return parse_query(row.query)
