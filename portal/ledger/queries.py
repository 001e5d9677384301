"""Reads of the publication record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.models import PublicationRecord


@dataclass(frozen=True, slots=True)
class Version:
    """One act of publication as anybody may read it; persons are not named in public."""

    version: int
    act: str
    content: dict[str, Any] | None
    hash: str
    salt: str
    at: datetime


def versions(db: Session, kind: str, reference: str, at_most: int = 200) -> list[Version]:
    """The acts of one reference, newest first."""
    rows = db.execute(
        select(
            PublicationRecord.version,
            PublicationRecord.act,
            PublicationRecord.content,
            PublicationRecord.hash,
            PublicationRecord.salt,
            PublicationRecord.at,
        )
        .where(PublicationRecord.kind == kind, PublicationRecord.reference == reference)
        .order_by(PublicationRecord.version.desc())
        .limit(at_most)
    )
    return [Version(r.version, r.act, r.content, r.hash, r.salt.hex(), r.at) for r in rows]
