"""Writing the publication record: every act of publication takes the next version of its reference.

The hash is SHA-256 over a random salt and the canonical content, so that a withdrawn text can be proved by
whoever kept it and guessed by nobody.
"""

import json
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, null, select, update
from sqlalchemy.orm import Session

from portal.kernel.errors import Conflict
from portal.kernel.words import N_
from portal.ledger.models import PublicationRecord

SALT = 16


def canonical(content: dict[str, Any]) -> bytes:
    """The one way in which a content is written down: sorted names, no spaces, UTF-8."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def fingerprint(salt: bytes, content: dict[str, Any]) -> str:
    """The hash of a content under its salt."""
    return sha256(salt + canonical(content)).hexdigest()


def record(
    db: Session,
    now: datetime,
    kind: str,
    reference: str,
    act: str,
    content: dict[str, Any],
    author_id: int | None = None,
    approver_id: int | None = None,
) -> PublicationRecord:
    """Append an act of publication in the transaction that publishes; returns it with its version."""
    if author_id is not None and author_id == approver_id:
        raise Conflict("same_person", N_("Two persons are needed: somebody else has to approve this."))
    salt = secrets.token_bytes(SALT)
    row = PublicationRecord(
        kind=kind,
        reference=reference,
        version=_last(db, kind, reference) + 1,
        act=act,
        content=json.loads(canonical(content)),
        salt=salt,
        hash=fingerprint(salt, content),
        author_id=author_id,
        approver_id=approver_id,
        at=now,
    )
    db.add(row)
    db.flush()
    return row


def _last(db: Session, kind: str, reference: str) -> int:
    found = db.scalar(
        select(func.max(PublicationRecord.version)).where(
            PublicationRecord.kind == kind, PublicationRecord.reference == reference
        )
    )
    return found or 0


def empty(db: Session, kind: str, reference: str, acts: tuple[str, ...]) -> int:
    """Take the contents of these acts off the record for good; their hashes stay. How many were emptied."""
    done = db.execute(
        update(PublicationRecord)
        .where(
            PublicationRecord.kind == kind,
            PublicationRecord.reference == reference,
            PublicationRecord.act.in_(acts),
            PublicationRecord.content.is_not(None),
        )
        .values(content=null())
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def holds(row: PublicationRecord) -> bool:
    """Whether the content on record is the one that was hashed; an emptied one cannot be told."""
    return row.content is None or fingerprint(row.salt, row.content) == row.hash
