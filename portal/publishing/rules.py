"""What a reader may ask of the published cases, as plain values; and the terms by which the index finds them.

A value that cannot be right becomes the default: an address that somebody changed by hand shows a page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from portal.cases.vocabulary import ClosingKind, Tier
from portal.kernel.pairs import MAX_QUERY_CHARS, query_phrases
from portal.kernel.series import CASE, RECEIPT

OPEN: Final = "open"
OVERDUE: Final = "overdue"
OUTCOMES: Final = (*(kind.value for kind in ClosingKind), OPEN, OVERDUE)
TIERS: Final = tuple(tier.value for tier in Tier)
NEWEST: Final = "newest"
CLOSED: Final = "closed"
SORTS: Final = (NEWEST, CLOSED)
FACETS: Final = ("unit", "category", "area", "tier", "outcome")
PAGE: Final = 20
MOST_COUNTED: Final = 1000

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_LARGEST_ID: Final = 2**53
_LONGEST_SLUG: Final = 80
LONGEST_REFERENCE: Final = 20


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What was asked for. Unit, category and area by slug or code; empty: all of them."""

    words: str = ""
    unit: str = ""
    category: str = ""
    area: str = ""
    tier: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = NEWEST
    after: tuple[int, int] | None = None
    """Where the page before ended: (moment in microseconds or 0, number)."""

    @property
    def is_chosen(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.chosen())

    def chosen(self) -> tuple[str, ...]:
        """The parameters that narrow the list, as they stand in the address."""
        return tuple(self.address(page=False, sorting=False))

    def address(self, *, page: bool = True, sorting: bool = True) -> dict[str, str]:
        """The parameters of this list's address, in one order, without defaults."""
        found = {"q": self.words} | {name: getattr(self, name) for name in FACETS}
        found |= {"from": _iso(self.since), "to": _iso(self.until)}
        if sorting and self.sort != NEWEST:
            found["sort"] = self.sort
        if page and self.after:
            found["after"] = "-".join(str(part) for part in self.after if part)
        return {name: value for name, value in found.items() if value}

    def without(self, name: str) -> "CaseFilter":
        """The same list without one of its conditions, from its beginning."""
        field = {"q": "words", "from": "since", "to": "until"}.get(name, name)
        return replace(self, **{field: None if field in ("since", "until") else "", "after": None})  # type: ignore[arg-type]


def parse(asked: Mapping[str, str]) -> CaseFilter:
    """The filter an address asks for."""
    since, until = _day(asked.get("from")), _day(asked.get("to"))
    if since and until and since > until:
        since, until = until, since
    sort = _one_of(SORTS, asked.get("sort")) or NEWEST
    return CaseFilter(
        words=_reference(_words(asked.get("q"))),
        unit=_slug(asked.get("unit")),
        category=_slug(asked.get("category")),
        area=_slug(asked.get("area")),
        tier=_one_of(TIERS, asked.get("tier")),
        outcome=_one_of(OUTCOMES, asked.get("outcome")),
        since=since,
        until=until,
        sort=sort,
        after=_cursor(asked.get("after"), sort),
    )


def _reference(words: str) -> str:
    """The number of a case as it is written, however it was typed; other words as they are."""
    return CASE.same(words) or words


def receipt_of(words: str) -> str:
    """The receipt number that was typed where published cases are searched; empty if it is none."""
    return RECEIPT.same(words)


def is_reference(text: str) -> bool:
    """Whether this can be the reference of a case, e.g. `B26-04187`."""
    return len(text) <= LONGEST_REFERENCE and text.isascii() and text.replace("-", "").isalnum()


def is_too_short(words: str) -> bool:
    """One character alone is in too many texts to be searched for."""
    return bool(words) and not searchable(words)


def searchable(words: str) -> bool:
    """Whether there is something to search for: two Chinese characters, or a word, or a number."""
    return any(not phrase.open_end for phrase in query_phrases(words))


def _words(value: str | None) -> str:
    # Half of a character outside the basic plane cannot be written in an address again.
    printable = "".join(sign for sign in value or "" if sign.isprintable())
    return " ".join(printable.split())[:MAX_QUERY_CHARS]


def _slug(value: str | None) -> str:
    plain = (value or "").strip().lower()
    fits = (
        len(plain) <= _LONGEST_SLUG and plain.isascii() and plain.replace("-", "").replace("_", "").isalnum()
    )
    return plain if fits else ""


def _one_of(known: tuple[str, ...], value: str | None) -> str:
    return value if value in known else ""


def _day(value: str | None) -> date | None:
    try:
        found = date.fromisoformat((value or "").strip()[:10])
    except ValueError:
        return None
    return found if _FIRST_DAY <= found <= _LAST_DAY else None


def _cursor(value: str | None, sort: str) -> tuple[int, int] | None:
    parts = (value or "")[:40].split("-")
    if len(parts) != (2 if sort == CLOSED else 1) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        return None
    numbers = [int(part) for part in parts]
    if not all(0 < number <= _LARGEST_ID for number in numbers):
        return None
    return (numbers[0], numbers[1]) if sort == CLOSED else (0, numbers[0])


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def facet_term(facet: str, value: int | str) -> str:
    """The index term of one facet of a case, e.g. `xunit12`, `xtierfirstask`."""
    return f"x{facet}{value}".replace("_", "")


def day_terms(day: date) -> tuple[str, str, str]:
    """The index terms of the day a case was received: year, month, day."""
    return f"xin{day:%Y}", f"xin{day:%Y%m}", f"xin{day:%Y%m%d}"


def period_terms(since: date | None, until: date | None, today: date) -> tuple[str, ...]:
    """The fewest year, month and day terms that cover a period, both ends included."""
    first = since or _FIRST_DAY
    last = min(until or today, max(today, first))
    return tuple(_covering(first, max(first, last)))


def _covering(first: date, last: date) -> Iterator[str]:
    day = first
    while day <= last:
        if (day.month, day.day) == (1, 1) and date(day.year, 12, 31) <= last:
            yield day_terms(day)[0]
            day = date(day.year + 1, 1, 1)
        elif day.day == 1 and (following := _next_month(day)) - timedelta(days=1) <= last:
            yield day_terms(day)[1]
            day = following
        else:
            yield day_terms(day)[2]
            day += timedelta(days=1)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
