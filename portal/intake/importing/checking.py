"""A row of a table as an appeal that was made elsewhere: each field read, or the row refused with the reason.

Refusals name the column and never its content: what stands there may be somebody's words.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from portal.cases.past import PastAppeal, PastReply
from portal.intake.importing.maps import CLOSED_LISTS, folded
from portal.intake.importing.moments import Moments
from portal.intake.importing.reading import Opened
from portal.intake.importing.records import Cell, Record, clean
from portal.kernel import codes
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

LONGEST_TITLE = 200
LONGEST_WORDS = 100_000
LONGEST_LINE = 200
LONGEST_NUMBER = 120
MOST_LIKES = 10**9
_FIRST_WORDS = 40
_SENTENCE = re.compile(r"[。！？!?；;\n]")
_PATH = re.compile(r"\s*[/＞>\\|—、-]+\s*")
_NUMBER = re.compile(r"\d{1,12}(?:\.0+)?")


@dataclass(frozen=True)
class Lists:
    """The city's lists: folded name or code → id."""

    categories: Mapping[str, int]
    areas: Mapping[str, int]
    units: Mapping[str, int]


@dataclass
class Checker:
    """Checks the rows of one table. `key` is what numbers of rows without one are made under."""

    opened: Opened
    lists: Lists
    zone: tzinfo
    now: datetime
    key: bytes
    not_listed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Values that no list of the city has, by field: the field was left open."""

    def __post_init__(self) -> None:
        self.map = self.opened.map
        self.moments = Moments(self.map.formats, self.map.zone or self.zone)

    def check(self, record: Record) -> PastAppeal:
        """The appeal of a row, or `Invalid`."""
        title, body = self._words(record)
        occurred_at = self._moment(record, "created_at")
        if occurred_at is None:
            raise self._refuse("no_date", N_("Column %(column)s: the date is missing."), "created_at")
        company, credit_code = self._company(record)
        contact = {
            name: self._line(record, f"contact_{name}", LONGEST_LINE) for name in ("name", "phone", "email")
        }
        if company and not credit_code:
            contact["name"] = f"{company} {contact['name']}".strip()
        return PastAppeal(
            external_id=self._number(record, title, body, occurred_at, contact),
            title=title,
            body=body,
            kind=self._code(record, "kind"),
            occurred_at=occurred_at,
            raw={
                name: _raw(cell) for name, cell in zip(self.opened.names, record.cells, strict=False) if name
            },
            contact=contact,
            party_kind="company" if credit_code else "person",
            credit_code=credit_code,
            company_name=company if credit_code else "",
            place=self._line(record, "place", LONGEST_LINE),
            concerns=self._line(record, "concerns", LONGEST_LINE),
            concerns_unit_id=self.lists.units.get(folded(self._text(record, "concerns"))),
            category_id=self._listed(record, "category", self.lists.categories),
            area_id=self._listed(record, "area", self.lists.areas),
            consent_to_publish=self._code(record, "consent") == "yes",
            likes=self._count(record, "likes"),
            dislikes=self._count(record, "dislikes"),
            reply=self._reply(record, occurred_at),
        )

    def _words(self, record: Record) -> tuple[str, str]:
        """Title and body. A title that is missing or too long is made of the first words; none is lost."""
        title, body = self._text(record, "title"), self._text(record, "body")
        title = re.sub(r"\s+", " ", title)
        if not (title or body):
            raise Invalid("no_words", N_("There are no words: neither a title nor a text."))
        if len(title) > LONGEST_TITLE:
            body = f"{title}\n{body}".strip()
            title = title[: LONGEST_TITLE - 1] + "…"
        return title or _first_words(body), body or title

    def _reply(self, record: Record, occurred_at: datetime) -> PastReply | None:
        body, state = self._text(record, "reply"), self._code(record, "state")
        if not body or state == "open":
            return None
        at = self._moment(record, "replied_at")
        if at is None and self.map.missing_reply_date == "created_at":
            at = occurred_at
        if at is None:
            raise self._refuse(
                "no_reply_date", N_("Column %(column)s: there is a reply, but not its date."), "replied_at"
            )
        unit = self.map.values.get("reply_unit", {}).get(
            folded(self._text(record, "reply_unit")), self._text(record, "reply_unit")
        )
        return PastReply(
            body=body,
            at=at,
            unit_id=self.lists.units.get(folded(unit)),
            unit_name=unit[:LONGEST_NUMBER],
            closing_kind=self._code(record, "closing_kind"),
            closed=state == "closed",
        )

    def _number(
        self, record: Record, title: str, body: str, occurred_at: datetime, contact: Mapping[str, str]
    ) -> str:
        """Its number at home, or one made of what it says, so that the same row comes in once."""
        number = unicodedata.normalize("NFKC", self._text(record, "external_id"))
        if len(number) > LONGEST_NUMBER:
            raise self._refuse(
                "number_too_long", N_("Column %(column)s: at most %(max)d characters."), "external_id"
            )
        if number:
            return number
        said = "\x1f".join((title, body, occurred_at.isoformat(), *contact.values()))
        # Under the key, because it outlives the words, and a plain digest of them could be guessed.
        return f"row:{codes.hash_code(self.key, said)[:40]}"

    def _company(self, record: Record) -> tuple[str, str]:
        typed = self._text(record, "credit_code")
        if typed and not codes.check_credit_code(typed):
            raise self._refuse(
                "credit_code",
                N_("Column %(column)s: this is no unified social credit code."),
                "credit_code",
            )
        return self._line(record, "company", LONGEST_NUMBER), codes.normalise_credit_code(typed)

    def _cell(self, record: Record, name: str) -> Cell:
        place = self.opened.fields.get(name)
        return None if place is None else record.cells[place]

    def _text(self, record: Record, name: str) -> str:
        text = clean(written(self._cell(record, name)))
        if len(text) > LONGEST_WORDS:
            raise self._refuse(
                "words_too_long", N_("Column %(column)s: at most %(max)d characters."), name, LONGEST_WORDS
            )
        return text

    def _line(self, record: Record, name: str, longest: int) -> str:
        """A short text; what is longer is cut here and stays whole in the sealed row."""
        return " ".join(self._text(record, name).split())[:longest]

    def _moment(self, record: Record, name: str) -> datetime | None:
        try:
            at = self.moments.read(self._cell(record, name))
        except ValueError as error:
            raise self._refuse(
                "date_unreadable",
                N_("Column %(column)s: this date cannot be read. Known are 2026-06-18 10:00 and the like."),
                name,
            ) from error
        if at is not None and at > self.now + timedelta(days=1):
            raise self._refuse("date_ahead", N_("Column %(column)s: this date has not come yet."), name)
        return at

    def _count(self, record: Record, name: str) -> int | None:
        text = unicodedata.normalize("NFKC", self._text(record, name)).replace(",", "")
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or int(float(text)) > MOST_LIKES:
            raise self._refuse("no_count", N_("Column %(column)s: write a whole number."), name)
        return int(float(text))

    def _code(self, record: Record, name: str) -> str:
        """A word of a closed list, by the map's table of values; what is not in it gets the default."""
        value = self._text(record, name)
        default = self.map.defaults[name]
        if not value:
            return default
        known = self.map.values.get(name, {}).get(folded(value))
        if known is None and value in CLOSED_LISTS[name]:
            return value
        if known is None:
            self.not_listed[name, value[:40]] += 1
        return known or default

    def _listed(self, record: Record, name: str, ids: Mapping[str, int]) -> int | None:
        """An entry of one of the city's lists, by the map's table of values or by its own name or code."""
        value = self._text(record, name)
        if not value:
            return None
        table = self.map.values.get(name, {})
        # Often a path from the whole to the part, of which the list has the one or the other.
        for part in (value, *reversed(_PATH.split(value))):
            found = ids.get(folded(table.get(folded(part), part)))
            if found is not None:
                return found
        self.not_listed[name, value[:40]] += 1
        return None

    def _refuse(self, code: str, message: str, name: str, most: int = LONGEST_NUMBER) -> Invalid:
        place = self.opened.fields.get(name)
        column = self.opened.names[place] if place is not None else name
        return Invalid(code, message, field=name, column=column, max=most)


def written(cell: Cell) -> str:
    """A cell as text. Numbers that Excel keeps with a point are whole again."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _raw(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _first_words(body: str) -> str:
    sentence = next((part.strip() for part in _SENTENCE.split(body) if part.strip()), body)
    return sentence if len(sentence) <= _FIRST_WORDS else sentence[: _FIRST_WORDS - 1] + "…"
