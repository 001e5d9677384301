"""The worklist: one page of rows, and how many there are. What is mine today is in `start`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, desc, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import Case, CaseLink
from portal.cases.queries.choices import Choices
from portal.cases.queries.conditions import (
    DUE_AT,
    DUE_DAY,
    STAGE,
    TURN_COUNTS,
    Seen,
    capped,
    conditions,
    own_clock,
    turn_clock,
    with_clocks,
)
from portal.cases.queries.filters import Filter
from portal.cases.queries.turns import EXTENSION_ASKED_BY, refusal_objected
from portal.cases.subjects import visible
from portal.cases.texts import AppealText, CaseText
from portal.cases.workflow import CaseState
from portal.deadlines.stages import Stage
from portal.identity.models import Person, Unit
from portal.kernel.db import UTCDateTime
from portal.kernel.workdays import Calendar, workdays_between

PAGE = 25
MOST_COUNTED = 1000
AnySelect = Select[*tuple[Any, ...]]
FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class DueIn:
    """How a row's clock stands: stage, working days left (negative when late), date, share of time used."""

    stage: Stage | None
    days: int | None = None
    at: datetime | None = None
    day: date | None = None
    share: int | None = None
    event: str = ""
    """The limit that is nearest, if it is not the case's own."""


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """A case as a line of the worklist."""

    id: int
    ref: str
    version: int
    title: str
    state: str
    closing_kind: str | None
    kind: str
    tier: str
    party_kind: str
    unit_id: int | None
    unit: str
    handler_id: int | None
    handler: str
    opened_at: datetime
    updated_at: datetime
    is_history: bool
    refusal_objected: bool
    """The asker's objection to not being accepted waits for a decision."""
    extension_asked_by: int | None
    """Who asked for more time, while that waits for a decision."""
    due: DueIn


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """One page of the worklist, with the ids that lead to the pages beside it."""

    rows: tuple[WorklistRow, ...]
    total: int
    """Up to `MOST_COUNTED` + 1."""
    next_after: int | None
    previous_before: int | None


_asked = (
    select(AppealText.title)
    .join(CaseLink, CaseLink.appeal_id == AppealText.appeal_id)
    .where(CaseLink.case_id == Case.id, CaseLink.kind != "merged")
    .order_by(CaseLink.id)
    .limit(1)
    .correlate(Case)
    .scalar_subquery()
)
TITLE = func.coalesce(func.nullif(CaseText.title, ""), _asked, "")
"""The office's working title, else the asker's own."""


def row_statement() -> AnySelect:
    handler = aliased(Person)
    return with_clocks(
        select(
            Case.id,
            Case.ref,
            Case.version,
            TITLE.label("title"),
            Case.state,
            Case.closing_kind,
            Case.kind,
            Case.tier,
            Case.party_kind,
            Case.lead_unit_id,
            func.coalesce(Unit.short_name, "").label("unit"),
            Case.handler_id,
            func.coalesce(handler.name, "").label("handler"),
            Case.opened_at,
            Case.updated_at,
            Case.is_history,
            refusal_objected().label("refusal_objected"),
            EXTENSION_ASKED_BY.label("extension_asked_by"),
            DUE_AT.label("due_at"),
            DUE_DAY.label("due_day"),
            STAGE.label("stage"),
            own_clock.due_at.label("own_due_at"),
            turn_clock.due_at.label("turn_due_at"),
            turn_clock.due_day.label("turn_due_day"),
            turn_clock.event.label("turn_event"),
            turn_clock.started_at.label("turn_started_at"),
            own_clock.started_at.label("own_started_at"),
            TURN_COUNTS.label("turn_counts"),
        )
        .select_from(Case)
        .outerjoin(CaseText, CaseText.case_id == Case.id)
        .outerjoin(Unit, Unit.id == Case.lead_unit_id)
        .outerjoin(handler, handler.id == Case.handler_id)
    )


def worklist(db: Session, seen: Seen, wanted: Filter, lists: Choices, calendar: Calendar) -> WorklistPage:
    """The page of the worklist that a filter asks for. Two statements."""
    where = [visible(seen.actor), *conditions(db, seen, wanted, lists)]
    rows = db.execute(_paged(db, where, wanted, seen)).all()
    backwards = wanted.before is not None
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows = rows[::-1]
    total = db.scalar(select(capped(where, MOST_COUNTED))) or 0
    before, after = (more, bool(rows)) if backwards else (wanted.after is not None and bool(rows), more)
    return WorklistPage(
        tuple(row_of(row, seen, calendar) for row in rows),
        total,
        rows[-1].id if after and rows else None,
        rows[0].id if before and rows else None,
    )


def _paged(db: Session, where: list[ColumnElement[bool]], wanted: Filter, seen: Seen) -> AnySelect:
    """In order, from behind or before the case that the address names. An unknown one is no bound at all, nor
    is one that the reader may not know of: where it stands would tell that there is one, and its date."""
    key, descending = _sort_key(wanted.sort_in_force)
    turned = wanted.before is not None
    bound = wanted.before if turned else wanted.after
    if turned:
        descending = not descending
    if bound is not None:
        there = with_clocks(select(key).select_from(Case))
        value = db.scalar(there.where(Case.id == bound, visible(seen.actor)))
        if value is not None:
            where = [*where, _beyond(key, value, bound, descending)]
    return first_rows(where, key, PAGE + 1, descending=descending)


def first_rows(
    where: Sequence[ColumnElement[bool]], key: Any, most: int, *, descending: bool = False
) -> AnySelect:
    """The first rows in the order of `key`; only those are read whole, whatever the conditions leave."""
    order = (desc(key), Case.id.desc()) if descending else (key, Case.id)
    ids = select(Case.id).select_from(Case)
    ids = ids if key is Case.id or key is Case.updated_at else with_clocks(ids)
    chosen = ids.where(*where).order_by(*order).limit(most).correlate(None).subquery()
    return row_statement().where(Case.id.in_(select(chosen.c.id))).order_by(*order)


BY_DUE = func.coalesce(DUE_AT, literal(FAR, UTCDateTime))
"""The nearest limit first; what has none last."""


def _sort_key(sort: str) -> tuple[Any, bool]:
    """The value cases are ordered by (then by id), and whether the greatest comes first."""
    if sort == "due":
        return BY_DUE, False
    if sort == "changed":
        return Case.updated_at, True
    return Case.id, sort == "newest"


def _beyond(key: Any, value: Any, bound: int, descending: bool) -> ColumnElement[bool]:
    """Further on in the order than the case `bound`, whose value this is."""
    further: ColumnElement[bool] = key < value if descending else key > value
    later_id = Case.id < bound if descending else Case.id > bound
    return or_(further, and_(key == value, later_id))


def row_of(row: Any, seen: Seen, calendar: Calendar) -> WorklistRow:
    return WorklistRow(
        row.id,
        row.ref,
        row.version,
        row.title,
        row.state,
        row.closing_kind,
        row.kind,
        row.tier,
        row.party_kind,
        row.lead_unit_id,
        row.unit,
        row.handler_id,
        row.handler,
        row.opened_at,
        row.updated_at,
        row.is_history,
        bool(row.refusal_objected),
        row.extension_asked_by,
        due_in(row, seen, calendar),
    )


def due_in(row: Any, seen: Seen, calendar: Calendar) -> DueIn:
    """How the clock of a row stands now; lateness counts at once, whether or not it was noted already."""
    if CaseState(row.state).is_paused:
        return DueIn(Stage.PAUSED, at=row.turn_due_at, day=row.turn_due_day, event=row.turn_event or "")
    if row.due_at is None:
        return DueIn(None, at=row.turn_due_at, day=row.turn_due_day, event=row.turn_event or "")
    late = seen.now >= row.due_at
    stage = Stage(row.stage or Stage.ON_TRACK)
    if late and stage is not Stage.VERY_LATE:
        stage = Stage.OVERDUE
    elif not late and stage not in (Stage.ON_TRACK, Stage.DUE_SOON):
        stage = Stage.ON_TRACK
    days = workdays_between(calendar, seen.today, row.due_day)
    if late:
        days = min(days, -1)
    started = row.turn_started_at if row.turn_counts else row.own_started_at or row.opened_at
    return DueIn(
        stage,
        days,
        row.due_at,
        row.due_day,
        _share(started, row.due_at, seen.now),
        row.turn_event if row.turn_counts else "",
    )


def _share(started: datetime, due_at: datetime, now: datetime) -> int:
    length = (due_at - started).total_seconds()
    return 100 if length <= 0 else max(0, min(100, round(100 * (now - started).total_seconds() / length)))
