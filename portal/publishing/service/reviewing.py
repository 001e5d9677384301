"""Suspected personal data in a draft: found anew at every look, each to be masked or confirmed by a person.

A confirmation is kept as a keyed hash of what was found, never as the text: what is confirmed once stays
confirmed if it moves, and counts for nothing else.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.kernel.codes import hash_code
from portal.kernel.db import keys_of
from portal.publishing.models import Release
from portal.publishing.personal_data import find
from portal.publishing.suspicion import Hit

TEXTS = ("title", "body", "reply", "mechanism")


@dataclass(frozen=True)
class Suspected:
    """One finding in one field of a draft."""

    field: str
    hit: Hit
    key: str
    confirmed: bool


def suspected(db: Session, draft: Release) -> list[Suspected]:
    """Everything that looks like personal data in the draft, in the order of its fields."""
    found = []
    for field, text in texts_of(draft).items():
        confirmed = set(draft.decisions.get(field, ()))
        for hit in find(text):
            key = key_of(db, hit)
            found.append(Suspected(field, hit, key, key in confirmed))
    return found


def undecided(db: Session, draft: Release) -> list[Suspected]:
    """What nobody has masked or confirmed yet."""
    return [item for item in suspected(db, draft) if not item.confirmed]


def texts_of(draft: Release) -> dict[str, str]:
    """Every text the public would read, by field; captions one by one."""
    captions = {f"caption-{item['id']}": item["caption"] for item in draft.attachments}
    note = {"note": draft.note} if draft.is_correction else {}
    return {name: getattr(draft, name) for name in TEXTS} | captions | note


def key_of(db: Session, hit: Hit) -> str:
    """What a confirmation of this finding is kept as."""
    return hash_code(keys_of(db).codes, f"suspected:{hit.kind}:{hit.text}")[:32]
