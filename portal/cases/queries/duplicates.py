"""Likely repeats among all cases, in groups: whoever runs the portal may look for what nobody has merged yet.

Compared are only appeals that share a lookup key, and never by a key that very many have: such a piece is part
of how people write, and says nothing (in 4,029 real appeals, keys of more than ten found no repeat that the
others had not found). Who may see what is not asked here: this is for the command line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby
from operator import itemgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, AppealPiece, Case, CaseLink
from portal.cases.repeats import unpacked
from portal.cases.similarity import LIKELY_REPEAT, likeness
from portal.cases.texts import AppealText

COMMON = 24
"""A key of more appeals is passed over."""
NEARLY_THE_SAME = 0.7
"""From this likeness on it is the same text with a few words changed."""
ASKED_AT_ONCE = 400
_FETCHED = 10_000
_COMPARED = 5_000

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A case in a group: its own number and that of the appeal which is alike."""

    ref: str
    receipt: str
    external_id: str | None
    channel_id: int
    state: str
    occurred_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two cases of a group and how alike their appeals are; `same` if word for word."""

    refs: tuple[str, str]
    likeness: float
    same: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that are probably about the same: all are alike to one of them, or nearly the same as one that is."""

    cases: tuple[Repeat, ...]
    pairs: tuple[Likeness, ...]


def groups(db: Session) -> list[Group]:
    """The groups of likely repeats, the largest first, then the oldest."""
    alike = dict(_alike(db))
    found = _details(db, {number for pair in alike for number in pair})
    kept: dict[Pair, tuple[float, bool]] = {
        (one, other): how
        for (one, other), how in alike.items()
        if one in found and other in found and found[one].ref != found[other].ref
    }
    made = [_group(found, members, kept) for members in _gathered(kept)]
    return sorted(made, key=lambda group: (-len(group.cases), group.cases[0].ref))


def _alike(db: Session) -> Iterator[tuple[Pair, tuple[float, bool]]]:
    exact = set(_of_one_body(db))
    candidates = sorted(exact | set(_sharing_keys(db)))
    for start in range(0, len(candidates), _COMPARED):
        pairs = candidates[start : start + _COMPARED]
        prints = _prints(db, {number for pair in pairs for number in pair})
        for pair in pairs:
            share = likeness(prints[pair[0]], prints[pair[1]])
            if share >= LIKELY_REPEAT or pair in exact:
                yield pair, (share, pair in exact)


def _of_one_body(db: Session) -> Iterator[Pair]:
    several = (
        select(Appeal.same_body)
        .where(Appeal.same_body != "")
        .group_by(Appeal.same_body)
        .having(func.count() > 1)
    )
    rows = db.execute(
        select(Appeal.same_body, Appeal.id)
        .where(Appeal.same_body.in_(several))
        .order_by(Appeal.same_body, Appeal.id)
    )
    for _, group in groupby(rows, key=itemgetter(0)):
        numbers = [row.id for row in group]
        # Each with the first is enough to join them, however many there are.
        yield from ((numbers[0], other) for other in numbers[1:])


def _sharing_keys(db: Session) -> Iterator[Pair]:
    rows = db.execute(
        select(AppealPiece.key, AppealPiece.appeal_id)
        .order_by(AppealPiece.key, AppealPiece.appeal_id)
        .execution_options(yield_per=_FETCHED)
    )
    for _, group in groupby(rows, key=itemgetter(0)):
        numbers = [row.appeal_id for row in group]
        if len(numbers) <= COMMON:
            yield from combinations(numbers, 2)


def _prints(db: Session, appeal_ids: set[int]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for numbers in _in_parts(appeal_ids):
        rows = db.execute(select(Appeal.id, Appeal.likeness).where(Appeal.id.in_(numbers)))
        found |= {row.id: unpacked(row.likeness) for row in rows}
    return found


def _in_parts(appeal_ids: set[int]) -> Iterator[list[int]]:
    numbers = sorted(appeal_ids)
    for start in range(0, len(numbers), ASKED_AT_ONCE):
        yield numbers[start : start + ASKED_AT_ONCE]


def _details(db: Session, appeal_ids: set[int]) -> dict[int, Repeat]:
    """What is shown of each appeal's case; an erased appeal and one without a case of its own are left out."""
    found: dict[int, Repeat] = {}
    for numbers in _in_parts(appeal_ids):
        rows = db.execute(
            select(
                Appeal.id,
                Case.ref,
                Appeal.receipt,
                Appeal.external_id,
                Appeal.channel_id,
                Case.state,
                Appeal.occurred_at,
                AppealText.title,
            )
            .join(CaseLink, CaseLink.appeal_id == Appeal.id)
            .join(Case, Case.id == CaseLink.case_id)
            .join(AppealText, AppealText.appeal_id == Appeal.id)
            .where(
                Appeal.id.in_(numbers),
                CaseLink.ended_at.is_(None),
                Appeal.erased_at.is_(None),
            )
            .order_by(CaseLink.id.desc())
        )
        found |= {row.id: Repeat(*row[1:]) for row in rows}
    return found


def _gathered(pairs: dict[Pair, tuple[float, bool]]) -> list[list[int]]:
    """Numbers that belong together. What is nearly the same is one; around each such one, beginning with the one
    that most are alike to, those gather that are alike to it. So likeness does not run on from case to case
    until everything hangs together."""
    nearly = [pair for pair, (share, same) in pairs.items() if same or share >= NEARLY_THE_SAME]
    leader = _joined(nearly, {number for pair in pairs for number in pair})
    alike: dict[int, set[int]] = {number: set() for number in leader.values()}
    for one, other in pairs:
        if leader[one] != leader[other]:
            alike[leader[one]].add(leader[other])
            alike[leader[other]].add(leader[one])
    centre: dict[int, int] = {}
    for number in sorted(alike, key=lambda number: (-len(alike[number]), number)):
        if number not in centre:
            free = {other for other in alike[number] if other not in centre}
            # Whoever is left over joins a neighbour that has gathered already.
            taken = None if free else min((centre[other] for other in alike[number]), default=None)
            centre |= dict.fromkeys((number, *free), number if taken is None else taken)
    members: dict[int, list[int]] = {}
    for number in sorted(leader):
        members.setdefault(centre[leader[number]], []).append(number)
    return [found for found in members.values() if len(found) > 1]


def _joined(pairs: Iterable[Pair], numbers: set[int]) -> dict[int, int]:
    """Number → the same one for all that are connected by these pairs."""
    leader = {number: number for number in numbers}

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for one, other in pairs:
        leader[find(other)] = find(one)
    return {number: find(number) for number in numbers}


def _group(found: dict[int, Repeat], members: list[int], pairs: dict[Pair, tuple[float, bool]]) -> Group:
    inside = set(members)
    cases = {found[number].ref: found[number] for number in reversed(members)}
    alike = [
        Likeness((found[one].ref, found[other].ref), round(share, 2), same)
        for (one, other), (share, same) in pairs.items()
        if one in inside and other in inside
    ]
    return Group(
        tuple(sorted(cases.values(), key=lambda case: case.ref)),
        tuple(sorted(alike, key=lambda pair: (-pair.likeness, pair.refs))),
    )
