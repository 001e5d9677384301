"""Likely repeats: the prints that are kept of appeals, and those that share enough of them.

What is alike is judged by `similarity`; a person decides whether to merge. A print says nothing about the words,
and erasing an appeal deletes it all the same.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from struct import pack, unpack

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, AppealPiece
from portal.cases.similarity import (
    KEYS,
    LIKELY_REPEAT,
    bare,
    likeness,
    lookup_keys,
    same_bare,
    sketch,
)

COMPARED_AT_MOST = 200
TOO_SHORT = 12
"""A body of fewer signs ("as above") is the same as another one only together with its title."""


@dataclass(frozen=True, slots=True)
class Prints:
    """What is kept of an appeal's words: a key of the body, a packed fingerprint of all, keys to look it up."""

    same_body: str
    likeness: str
    keys: tuple[int, ...]


def prints(title: str, body: str) -> Prints:
    """The prints of an appeal's words. Whoever sends the same text again often gives it another title."""
    return prints_of_bare(bare(title), bare(body))


def prints_of_bare(title: str, body: str) -> Prints:
    """The same for words that `similarity.bare` has laid bare already."""
    found = sketch(title + body)
    same = same_bare(body if len(body) >= TOO_SHORT else title + body)
    return Prints(same, _packed(found), found[:KEYS])


def sign(db: Session, appeal: Appeal, title: str, body: str) -> None:
    """Keep the prints of an appeal's words."""
    found = prints(title, body)
    appeal.same_body, appeal.likeness = found.same_body, found.likeness
    db.flush()
    db.add_all(AppealPiece(key=key, appeal_id=appeal.id) for key in found.keys)


def forget(db: Session, appeal: Appeal) -> None:
    """Delete the prints of an appeal."""
    db.execute(delete(AppealPiece).where(AppealPiece.appeal_id == appeal.id))
    appeal.same_body = appeal.likeness = ""


def likely_repeats(db: Session, appeal_id: int, at_most: int = 5) -> list[tuple[int, float]]:
    """(appeal id, likeness) of the appeals most like this one, the most alike first. Says nothing about who
    may see them: narrow by `subjects.visible` before showing any."""
    own = db.get_one(Appeal, appeal_id)
    print_ = unpacked(own.likeness)
    sharing = (
        select(AppealPiece.appeal_id)
        .where(AppealPiece.key.in_(lookup_keys(print_)), AppealPiece.appeal_id != appeal_id)
        .group_by(AppealPiece.appeal_id)
        # Some pieces stand in every tenth appeal: those that share several keys are looked at first.
        .order_by(func.count().desc(), AppealPiece.appeal_id.desc())
        .limit(COMPARED_AT_MOST)
    )
    others = db.execute(select(Appeal.id, Appeal.likeness).where(Appeal.id.in_(sharing)))
    alike = [(row.id, likeness(print_, unpacked(row.likeness))) for row in others]
    alike.sort(key=lambda pair: (-pair[1], -pair[0]))
    return [pair for pair in alike if pair[1] >= LIKELY_REPEAT][:at_most]


def _packed(found: tuple[int, ...]) -> str:
    return b64encode(pack(f"<{len(found)}I", *found)).decode()


def unpacked(kept: str) -> frozenset[int]:
    """The fingerprint that was kept."""
    raw = b64decode(kept)
    return frozenset(unpack(f"<{len(raw) // 4}I", raw))
