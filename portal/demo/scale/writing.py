"""Inserting invented cases: ids and numbers in blocks, then table by table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, AppealPiece, Assignment, Case, CaseLink
from portal.cases.service import numbering
from portal.cases.texts import (
    INDEX,
    AppealContact,
    AppealKey,
    AppealText,
    Attachment,
    CaseMechanism,
    RatingRow,
    Reply,
)
from portal.deadlines.models import Clock
from portal.demo.scale import rows
from portal.demo.scale.acts import history
from portal.demo.scale.clocks import Clocks
from portal.demo.scale.made import Invented, Numbers
from portal.demo.scale.places import Places
from portal.demo.scale.public import Release
from portal.kernel import search
from portal.kernel.pairs import index_text
from portal.kernel.rows import add_rows, fresh_ids
from portal.ledger.models import PublicationRecord
from portal.publishing import models as public
from portal.publishing.queries import choices
from portal.publishing.service.indexing import terms_of

Pair = tuple[Invented, Numbers]


def write(
    db: Session, clocks: Clocks, places: Places, made: Sequence[Invented], numbers: dict[int, int]
) -> None:
    """Write these cases. `numbers`: the public id of each that is published, by its seed."""
    pairs = list(zip(made, _numbers(db, made), strict=True))
    _write_appeals(db, pairs)
    _write_cases(db, pairs, clocks)
    _write_answers(db, pairs)
    units = {places.units[code]: name for code, name in places.unit_names.items()}
    released = [
        Release(one, n, numbers[one.seed], clocks, units, _two(places.office, one.seed))
        for one, n in pairs
        if one.seed in numbers
    ]
    _publish(db, released)


def _two(office: list[int], seed: int) -> tuple[int, int]:
    return office[seed % len(office)], office[(seed + 1) % len(office)]


def _numbers(db: Session, made: Sequence[Invented]) -> Iterator[Numbers]:
    size = len(made)
    ids = [fresh_ids(db, model, size) for model in (Appeal, Case, Reply, Attachment, RatingRow)]
    orders = fresh_ids(db, Assignment, 2 * size)
    series = _Series(db, made)
    for place, one in enumerate(made):
        appeal, case, reply, attachment, rating = (block[place] for block in ids)
        opened = one.course.opened
        yield Numbers(
            appeal=appeal,
            case=case,
            receipt=series.next("receipt", opened),
            ref=series.next("case", opened),
            slip=series.next("slip", one.course.assigned) if one.course.assigned else "",
            supporting_slip=series.next("slip", one.course.assigned)
            if one.course.assigned and one.is_joint
            else "",
            reply=reply,
            attachment=attachment,
            rating=rating,
            assignment=orders[2 * place],
            supporting=orders[2 * place + 1],
        )


class _Series:
    """Receipts, references and slip numbers of the years in which they would have been given."""

    def __init__(self, db: Session, made: Sequence[Invented]) -> None:
        wanted: dict[tuple[str, int], list[datetime]] = defaultdict(list)
        for one in made:
            for name in ("receipt", "case"):
                wanted[name, one.course.opened.year].append(one.course.opened)
            if one.course.assigned:
                wanted["slip", one.course.assigned.year] += [one.course.assigned] * (2 if one.is_joint else 1)
        take = {"receipt": numbering.receipts, "case": numbering.case_refs, "slip": numbering.slip_numbers}
        self._left = {
            (name, year): iter(take[name](db, moments[0], len(moments)))
            for (name, year), moments in wanted.items()
        }

    def next(self, name: str, at: datetime) -> str:
        """The next number of a series in the year of a moment."""
        return next(self._left[name, at.year])


def _write_appeals(db: Session, pairs: list[Pair]) -> None:
    add_rows(db, Appeal, [rows.appeal(one, n) for one, n in pairs])
    add_rows(db, AppealKey, [{"appeal_id": n.appeal, "wrapped": one.prepared.wrapped} for one, n in pairs])
    add_rows(db, AppealContact, [{"appeal_id": n.appeal, "sealed": one.prepared.contact} for one, n in pairs])
    add_rows(
        db,
        AppealText,
        [
            {
                "appeal_id": n.appeal,
                "title": one.prepared.appeal.title,
                "body": one.prepared.appeal.body,
                "place": one.prepared.appeal.place,
                "concerns": "",
            }
            for one, n in pairs
        ],
    )
    pieces = sorted((key, n.appeal) for one, n in pairs for key in one.prepared.prints.keys)
    add_rows(db, AppealPiece, [{"key": key, "appeal_id": appeal} for key, appeal in pieces])


def _write_cases(db: Session, pairs: list[Pair], clocks: Clocks) -> None:
    add_rows(db, Case, [rows.case(one, n) for one, n in pairs])
    add_rows(
        db,
        CaseLink,
        [
            {"appeal_id": n.appeal, "case_id": n.case, "kind": "opened", "made_at": one.course.opened}
            for one, n in pairs
        ],
    )
    add_rows(db, Assignment, [row for one, n in pairs for row in rows.assignments(one, n)])
    add_rows(db, HistoryEntry, [row for one, n in pairs for row in history(one, n)])
    add_rows(db, Clock, [row for one, n in pairs for row in clocks.rows(n.case, one.course, one.result)])
    search.put_terms(
        db,
        INDEX,
        [(n.case, f"{index_text(n.ref)} {index_text(n.receipt)} {one.prepared.terms}") for one, n in pairs],
    )


def _write_answers(db: Session, pairs: list[Pair]) -> None:
    answered = [(one, n) for one, n in pairs if one.course.answered]
    solved = [(one, n) for one, n in answered if one.is_solved]
    add_rows(db, Reply, [rows.reply(one, n) for one, n in answered])
    add_rows(db, CaseMechanism, [rows.mechanism(one, n) for one, n in solved])
    add_rows(db, Attachment, [rows.attachment(one, n) for one, n in solved])
    add_rows(db, RatingRow, [rows.rating(one, n) for one, n in answered if one.course.rated])


def _publish(db: Session, released: list[Release]) -> None:
    if not released:
        return
    lists = choices.load(db)
    listed = [release.row() for release in released]
    add_rows(db, public.Release, [release.draft() for release in released])
    add_rows(db, public.PublishedCase, listed)
    add_rows(db, public.PublishedDetail, [release.detail() for release in released])
    add_rows(db, public.PublishedFile, [file for release in released if (file := release.file())])
    add_rows(db, PublicationRecord, [release.record() for release in released])
    terms = (
        (row["id"], _public_terms(public.PublishedCase(**row), release, lists))
        for row, release in zip(listed, released, strict=True)
    )
    search.put_terms(db, public.INDEX, list(terms))


def _public_terms(row: public.PublishedCase, release: Release, lists: choices.Choices) -> str:
    words = (row.ref, row.title, *(release.content[name] for name in ("body", "reply", "mechanism")))
    return " ".join((*terms_of(row, lists), *(index_text(part) for part in words if part)))
