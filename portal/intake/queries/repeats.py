"""Is it one of these? Published cases that may be about the same matter, to read before sending it once more.

Only what is published is looked through. Candidates are the newest cases in which the place or a striking part
of the title stands word for word, and the newest of the same category; the share of the new title's pieces
that a candidate contains decides. The work does not grow with the number of cases.
"""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.kernel.pairs import fold
from portal.kernel.search import matching
from portal.publishing.models import PublishedCase, PublishedDetail

INDEX = "published"
SHOWN = 4
PHRASES = 4
PER_PHRASE = 50
OF_CATEGORY = 150
ENOUGH = 0.4
"""Share of the new title's pieces that must occur in a case; below it, readers see no connection."""

_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]{3,}")
# Words of nearly every appeal: they connect nothing.
_COMMON = re.compile(
    "反映|希望|请问|关于|问题|投诉|咨询|建议|求助|举报|解决|尽快|有关|部门|我们|没有|什么|怎么|一直|领导|附近|小区"
)


@dataclass(frozen=True, slots=True)
class Likely:
    """A published case that may be the same matter."""

    ref: str
    lang: str
    title: str
    state: str
    outcome: str
    unit_name: str
    received_on: date
    score: float


def likely_repeats(db: Session, *, title: str, place: str, category_id: int | None) -> list[Likely]:
    """The likeliest first, `SHOWN` at most."""
    wanted = _pieces(f"{title} {place}")
    if not wanted:
        return []
    numbers = _candidates(db, title, place, category_id)
    weighed = (_weigh(row, wanted) for row in db.execute(_rows(numbers)))
    return sorted((row for row in weighed if row.score >= ENOUGH), key=lambda row: -row.score)[:SHOWN]


def _candidates(db: Session, title: str, place: str, category_id: int | None) -> list[int]:
    dialect, found = db.get_bind().dialect.name, dict[int, None]()
    for phrase in _phrases(title, place):
        clause = matching(INDEX, phrase, dialect)
        if clause is not None:
            newest = text(f"{clause.text} ORDER BY rowid DESC LIMIT {PER_PHRASE}")
            words = clause.compile().params
            found.update(dict.fromkeys(db.scalars(newest, words)))
    if category_id is not None:
        same = select(PublishedCase.id).where(PublishedCase.visible, PublishedCase.category_id == category_id)
        newest_of = same.order_by(PublishedCase.id.desc()).limit(OF_CATEGORY)
        found.update(dict.fromkeys(db.scalars(newest_of)))
    return list(found)


def _rows(numbers: list[int]):  # type: ignore[no-untyped-def]
    case = PublishedCase
    return (
        select(
            *(case.ref, case.lang, case.title, case.state, case.outcome, case.unit_name, case.received_on),
            PublishedDetail.body,
        )
        .join(PublishedDetail, PublishedDetail.published_case_id == case.id)
        .where(case.id.in_(numbers), case.visible)
    )


def _weigh(row, wanted: frozenset[str]) -> Likely:  # type: ignore[no-untyped-def]
    there = _pieces(f"{row.title} {row.body[:600]}")
    return Likely(
        row.ref,
        row.lang,
        row.title,
        row.state,
        row.outcome,
        row.unit_name,
        row.received_on,
        len(wanted & there) / len(wanted),
    )


def _runs(words: str) -> list[str]:
    return [run for run in _RUN.findall(_COMMON.sub(" ", fold(words))) if len(run) > 1]


def _phrases(title: str, place: str) -> list[str]:
    """The longest runs of characters: names of places and things rather than turns of speech."""
    runs = dict.fromkeys([*_runs(place), *_runs(title)])
    return sorted(runs, key=len, reverse=True)[:PHRASES]


def _pieces(words: str) -> frozenset[str]:
    """Pairs of neighbouring characters, and other words whole."""
    pieces: set[str] = set()
    for run in _runs(words):
        pieces.update([run] if run.isascii() else map("".join, pairwise(run)))
    return frozenset(pieces)
