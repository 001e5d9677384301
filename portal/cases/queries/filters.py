"""A worklist's filter as values: read from an address leniently (bad values become defaults), written back.

What each value means in the database is in `conditions`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from portal.cases.vocabulary import AppealKind, Tier
from portal.cases.workflow import CaseState

OPEN, ENDED, ANY, REFUSAL_OBJECTED, EXTENSION_ASKED = "open", "ended", "any", "refusal_objected", "extension"
STATES = (OPEN, ENDED, ANY, *CaseState, REFUSAL_OBJECTED, EXTENSION_ASKED)
STAGES = ("overdue", "due_soon")
SORTS = ("due", "newest", "oldest", "changed")
HANDLERS = ("me", "nobody")
LONGEST_WORDS = 100
LARGEST_ID = 2**53
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Beyond them nothing was received, and calendars have no day before or after."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody wants to see in the worklist. Every field has a default: nothing chosen."""

    q: str = ""
    state: str = ""
    unit: str = ""
    category: str = ""
    area: str = ""
    tier: str = ""
    kind: str = ""
    channel: str = ""
    stage: str = ""
    handler: str = ""
    """`me`, `nobody`, or a person's number."""
    mine: bool = False
    """Waiting for an act that I, of all people, can take."""
    received_from: date | None = None
    received_to: date | None = None
    sort: str = ""
    after: int | None = None
    before: int | None = None

    @property
    def state_in_force(self) -> str:
        """Open cases unless said otherwise; words are looked for everywhere, and an ended case may wait too."""
        return self.state or (ANY if self.q or self.mine else OPEN)

    @property
    def sort_in_force(self) -> str:
        """By due date, while anything is due; else newest first."""
        if self.sort:
            return self.sort
        by_due = self.mine or self.state_in_force in (OPEN, EXTENSION_ASKED, *CaseState)
        return "due" if by_due else "newest"

    def but(self, **changes: Any) -> "Filter":
        """The same with other values, from the first page."""
        return replace(self, **{"after": None, "before": None} | changes)

    def query(self) -> str:
        """As it stands in an address, without what is default."""
        return urlencode([(name, text) for name, text in self._texts() if text])

    def saved_query(self) -> str:
        """As it is kept under a name: without the page."""
        return self.but().query()

    def chosen(self) -> list[tuple[str, str]]:
        """(name, value) of what narrows the list, to be shown and taken away one by one."""
        plain = {"sort", "after", "before"}
        return [(name, text) for name, text in self._texts() if text and name not in plain]

    def without(self, name: str) -> "Filter":
        """The same without one condition."""
        return self.but(**{name: _DEFAULTS[name]})

    def _texts(self) -> list[tuple[str, str]]:
        return [(field.name, _text(getattr(self, field.name))) for field in fields(self)]


_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Filter)}


def _text(value: object) -> str:
    if value is True:
        return "1"
    return "" if value is None or value is False else str(value)


def parse(args: Mapping[str, str]) -> Filter:
    """The filter of an address. Nothing here raises: what is not understood is left out."""
    return Filter(**{name: read(args.get(name, "").strip()) for name, read in _READERS.items()})


def parse_query(query: str) -> Filter:
    """The filter that was kept under a name."""
    return parse(dict(parse_qsl(query)))


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    return lambda text: text if text in allowed else ""


def _code(text: str) -> str:
    plain = text.replace("-", "").replace("_", "")
    return text if len(text) <= 40 and plain.isascii() and plain.isalnum() else ""


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return number if 0 < number < LARGEST_ID else None


def _handler(text: str) -> str:
    return text if text in HANDLERS else str(_number(text) or "")


def _words(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:LONGEST_WORDS].strip()


_READERS: dict[str, Callable[[str], Any]] = {
    "q": _words,
    "state": _one_of(STATES),
    "unit": _code,
    "category": _code,
    "area": _code,
    "tier": _one_of(tuple(Tier)),
    "kind": _one_of(tuple(AppealKind)),
    "channel": _code,
    "stage": _one_of(STAGES),
    "handler": _handler,
    "mine": lambda text: text == "1",
    "received_from": _day,
    "received_to": _day,
    "sort": _one_of(SORTS),
    "after": _number,
    "before": _number,
}
