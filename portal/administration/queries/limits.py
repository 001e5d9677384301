"""The table of limits as the administrator sees it: what is in force, on what ground, what was before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.vocabulary import AppealKind
from portal.deadlines.limits import DEFAULT_LIMITS, LimitEvent, Words
from portal.deadlines.models import OwnLimit
from portal.deadlines.queries import own_limits
from portal.deadlines.values import Limit
from portal.identity.models import Person
from portal.kernel.errors import NotFound
from portal.kernel.words import N_

ANY = "any"


@dataclass(frozen=True, slots=True)
class Ground:
    """A limit from a day on, and why. Of a default: no day, no reason. `limit` None: back to the default."""

    limit: Limit | None
    remind_before: int
    starts_on: date | None = None
    reason: str = ""
    by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One line of the table: what counts today, what will, what did, and the default."""

    key: str
    event: str
    kind: str | None
    party: str | None
    tier: str | None
    default: Ground | None
    now: Ground
    planned: tuple[Ground, ...]
    past: tuple[Ground, ...]

    @property
    def is_default(self) -> bool:
        return self.now.starts_on is None or self.now.limit is None

    @property
    def present(self) -> Ground:
        """The length that counts: a way back to the default shows the default's."""
        return self.default if self.now.limit is None and self.default else self.now


def limit_lines(db: Session, today: date) -> list[LimitLine]:
    """Every limit, in the order of the defaults, those of the city's own without a default after them."""
    own: dict[Words, list[Ground]] = defaultdict(list)
    names = _names(db)
    for row in own_limits(db):
        words = (LimitEvent(row.event), row.kind or None, row.party or None, row.tier or None)
        own[words].append(_ground(row, names))
    defaults = {row.words: Ground(row.limit, row.remind_before) for row in DEFAULT_LIMITS}
    order = list(LimitEvent)
    ranked = sorted({*defaults, *own}, key=lambda words: (order.index(words[0]), *_rank(words)))
    lines = (_line(words, defaults.get(words), own[words], today) for words in ranked)
    return [line for line in lines if line is not None]


def _rank(words: Words) -> tuple[bool, bool, bool, int]:
    """What says more first, then in the order of the kinds."""
    _, kind, party, tier = words
    kinds = [known.value for known in AppealKind]
    return tier is None, party is None, kind is None, kinds.index(kind) if kind in kinds else -1


def limit_line(db: Session, today: date, key: str) -> LimitLine:
    """One line, or `NotFound`."""
    for line in limit_lines(db, today):
        if line.key == key:
            return line
    raise NotFound("not_found", N_("There is nothing here under this address."))


def _line(words: Words, default: Ground | None, own: list[Ground], today: date) -> LimitLine | None:
    reached = [ground for ground in own if ground.starts_on is None or ground.starts_on <= today]
    rows = [*([default] if default else []), *reached]
    if not rows:
        return None
    planned = tuple(ground for ground in own if ground not in reached)
    event, kind, party, tier = words
    return LimitLine(
        ".".join((event, *(word or ANY for word in words[1:]))),
        event,
        kind,
        party,
        tier,
        default,
        rows[-1],
        planned,
        tuple(reversed(rows[:-1])),
    )


def _ground(row: OwnLimit, names: dict[int, str]) -> Ground:
    limit = Limit(row.amount, row.unit) if row.amount is not None else None  # type: ignore[arg-type]
    by = names.get(row.made_by_id or 0, "")
    return Ground(limit, row.remind_before, row.starts_on, row.reason, by, row.made_at)


def _names(db: Session) -> dict[int, str]:
    makers = select(OwnLimit.made_by_id).where(OwnLimit.made_by_id.is_not(None))
    rows = db.execute(select(Person.id, Person.name).where(Person.id.in_(makers)))
    return {row.id: row.name for row in rows}


def words_of(key: str) -> dict[str, str | None]:
    """Kind, party and tier of an address, for the service."""
    _, *rest = key.split(".")
    return {
        name: None if word == ANY else word
        for name, word in zip(("kind", "party", "tier"), rest, strict=True)
    }
