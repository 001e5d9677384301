"""Running an import: batch by batch, each a transaction of its own, so that what is done stays done.

A run that was cut short is simply run again: rows that are there already are known by channel and number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Category, Channel
from portal.cases.past import PastAppeal, prepare
from portal.cases.service import bulk
from portal.identity.actors import Actor
from portal.identity.models import Area, Unit
from portal.identity.policy import require
from portal.intake.importing.checking import Checker, Lists
from portal.intake.importing.maps import folded
from portal.intake.importing.reading import Opened
from portal.intake.importing.records import MOST_ROWS, Broken, too_many_rows
from portal.kernel.aside import aside
from portal.kernel.db import Database
from portal.kernel.errors import Invalid, PortalError
from portal.kernel.keys import Keys

BATCH = 500
BATCH_OPEN = 50
"""Filing anew takes ten times as long as taking in history, and nobody else writes meanwhile."""


@dataclass(frozen=True)
class Order:
    """What is to be done: through which channel, as the portal or whom, for real or not, as history or as new."""

    channel: Channel
    actor: Actor
    open: bool = False
    dry_run: bool = False
    batch: int = 0
    before: "Tally | None" = None
    """How far an earlier run of the same table came: its rows are passed over."""


@dataclass
class Tally:
    """How far a run is. Refusals are told as they come and only counted here."""

    rows: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    numbers: set[str] = field(default_factory=set)
    """Numbers that a dry run would have added."""

    def __str__(self) -> str:
        return f"added {self.added}, known {self.known}, refused {self.refused}"


@dataclass(frozen=True)
class Told:
    """Whom to tell: of each refused row by its line, and of each batch — `within` its transaction, for what
    has to be as true as the batch itself (a dry run has none)."""

    refused: Callable[[int, PortalError], None]
    within: Callable[[Session, Tally], None] = lambda *_: None


Row = tuple[int, PastAppeal]


def lists_of(db: Session) -> Lists:
    """The city's lists, by code, name and short name."""
    return Lists(
        categories=_by_name(db, Category.id, Category.code, Category.name, Category.name_en),
        areas=_by_name(db, Area.id, Area.code, Area.name, Area.name_en),
        units=_by_name(db, Unit.id, Unit.code, Unit.name, Unit.short_name),
    )


def _by_name(db: Session, *columns) -> dict[str, int]:  # type: ignore[no-untyped-def]
    found: dict[str, int] = {}
    for number, *names in db.execute(select(*columns).order_by(columns[0])):
        for name in names:
            if folded(name):
                found.setdefault(folded(name), number)
    return found


def checker_for(database: Database, opened: Opened, now: datetime, keys: Keys, zone: tzinfo) -> Checker:
    """What checks the rows of a table against the city's lists of now."""
    with database.reading() as db:
        return Checker(opened, lists_of(db), zone, now, keys.codes)


def steps(
    database: Database, keys: Keys, now: datetime, checker: Checker, order: Order, told: Told
) -> Iterator[Tally]:
    """Take a table in, or with `dry_run` only say what would happen; yields after each batch."""
    require(order.actor, "intake.import")
    tally = order.before or Tally()
    rows = _checked(checker, tally, told)
    size = order.batch or (BATCH_OPEN if order.open else BATCH)
    while read := list(islice(rows, size)):
        batch = [row for row in read if row is not None]
        if order.dry_run:
            _look(database, order, batch, tally)
        else:  # also when all were refused: how far it is has to be noted
            _take(database, keys, now, order, batch, tally, told)
        yield tally
    yield tally


def _checked(checker: Checker, tally: Tally, told: Told) -> Iterator[Row | None]:
    """The sound rows. Of the others it is told why they are refused; each is None, so that a batch is so many
    rows however few of them are sound."""
    opened, skip = checker.opened, tally.rows
    for number, record in enumerate(opened.table.rows(opened.header)):
        if number < skip:
            continue
        if number >= MOST_ROWS:
            raise too_many_rows()
        tally.rows += 1
        try:
            if isinstance(record, Broken):
                raise record.error
            yield record.line, checker.check(record)
        except Invalid as error:
            tally.refused += 1
            told.refused(record.line, error)
            yield None


def _look(database: Database, order: Order, batch: list[Row], tally: Tally) -> None:
    numbers = [appeal.external_id for _, appeal in batch]
    with database.reading() as db:
        known = bulk.known_numbers(db, order.channel.id, numbers)
    for number in numbers:
        if number in known or number in tally.numbers:
            tally.known += 1
        else:
            tally.added += 1
            tally.numbers.add(number)


def _take(
    database: Database,
    keys: Keys,
    now: datetime,
    order: Order,
    batch: list[Row],
    tally: Tally,
    told: Told,
) -> None:
    past = [appeal for _, appeal in batch if appeal.reply or not order.open]
    anew = [(line, appeal) for line, appeal in batch if order.open and not appeal.reply]
    prepared = aside(lambda: [prepare(keys, appeal) for appeal in past])
    with database.transaction() as db:
        taken = bulk.take_in(db, now, order.actor, order.channel.id, prepared)
        tally.added += taken.added
        tally.known += taken.known
        _file(db, now, order, anew, tally, told)
        told.within(db, tally)


def _file(db: Session, now: datetime, order: Order, rows: list[Row], tally: Tally, told: Told) -> None:
    """File what is to be opened, each by itself."""
    known = bulk.known_numbers(db, order.channel.id, [appeal.external_id for _, appeal in rows])
    for line, appeal in rows:
        if appeal.external_id in known:
            tally.known += 1
            continue
        try:
            with db.begin_nested():
                bulk.file_open(db, now, order.actor, order.channel, appeal)
        except PortalError as error:
            tally.refused += 1
            told.refused(line, error)
        else:
            known.add(appeal.external_id)
            tally.added += 1
