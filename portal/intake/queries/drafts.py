"""Drafts of this browser: what was typed, which files were sent."""

import json
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.intake.models import AppealDraft, StagedFile
from portal.kernel.db import keys_of


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that was already sent with a draft."""

    id: int
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its writer sees it again."""

    values: dict[str, str] = field(repr=False)
    files: tuple[Staged, ...] = ()
    checked: bool = False
    appeal_id: int | None = None


def find_draft(db: Session, browser: str, client_id: str, *, lock: bool = False) -> AppealDraft | None:
    """The row of this browser's draft; `lock` holds it until the transaction ends."""
    statement = select(AppealDraft).where(AppealDraft.browser == browser, AppealDraft.client_id == client_id)
    return db.scalar(statement.with_for_update() if lock else statement)


def read_values(db: Session, draft: AppealDraft) -> dict[str, str]:
    """What was typed."""
    values: dict[str, str] = json.loads(keys_of(db).unwrap(draft.sealed))
    return values


def staged_files(db: Session, draft_id: int) -> list[StagedFile]:
    """The files of a draft, in the order in which they were sent."""
    return list(db.scalars(select(StagedFile).where(StagedFile.draft_id == draft_id).order_by(StagedFile.id)))


def draft_of(db: Session, browser: str, client_id: str) -> Draft | None:
    """This browser's draft with its files."""
    row = find_draft(db, browser, client_id)
    if row is None:
        return None
    files = (Staged(file.id, file.name, file.size, file.media_type) for file in staged_files(db, row.id))
    values = read_values(db, row) if row.appeal_id is None else {}
    return Draft(values, tuple(files), row.checked, row.appeal_id)
