"""What somebody is still writing: kept sealed for some hours, with the files already sent, then removed."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.intake.models import AppealDraft, StagedFile
from portal.intake.queries.drafts import find_draft
from portal.kernel.db import keys_of
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.files import KeptFile
from portal.kernel.keys import seal
from portal.kernel.words import N_

LASTS = timedelta(hours=8)
PURGED_AT_ONCE = 20


def keep_draft(
    db: Session,
    now: datetime,
    browser: str,
    client_id: str,
    values: dict[str, str],
    *,
    checked: bool,
    suspicions: tuple[str, ...] = (),
) -> AppealDraft:
    """Keep what was typed. Refused once the appeal was filed from it."""
    draft = find_draft(db, browser, client_id, lock=True) or _new_draft(db, now, browser, client_id)
    if draft.appeal_id is not None:
        raise Refused("already_filed", N_("This appeal was already submitted."))
    draft.sealed = seal(keys_of(db).data[0], json.dumps(values, ensure_ascii=False).encode())
    draft.checked = checked
    draft.suspicions = ",".join(suspicions)
    draft.expires_at = now + LASTS
    db.flush()
    return draft


def _new_draft(db: Session, now: datetime, browser: str, client_id: str) -> AppealDraft:
    draft = AppealDraft(browser=browser, client_id=client_id, sealed=b"", made_at=now, expires_at=now + LASTS)
    try:
        with db.begin_nested():
            db.add(draft)
    except IntegrityError:  # a double click, the other of which was quicker
        found = find_draft(db, browser, client_id, lock=True)
        if found is None:
            raise
        return found
    return draft


def stage(db: Session, draft: AppealDraft, kept: KeptFile, *, most: int) -> None:
    """Add a file to a draft, `most` at most; the same file twice is one."""
    here = select(StagedFile).where(StagedFile.draft_id == draft.id)
    if db.scalar(here.where(StagedFile.sha256 == kept.sha256)) is not None:
        raise Refused("staged_twice", N_("This file is already there."))
    if (db.scalar(select(func.count()).select_from(here.subquery())) or 0) >= most:
        raise Invalid("too_many_files", N_("At most %(most)d files can be sent."), most=most)
    db.add(StagedFile(draft_id=draft.id, **asdict(kept)))
    db.flush()


def unstage(db: Session, draft: AppealDraft, file_id: int) -> str:
    """Take a file out of a draft; returns the name under which its bytes lie."""
    staged = db.scalar(select(StagedFile).where(StagedFile.id == file_id, StagedFile.draft_id == draft.id))
    if staged is None:
        raise NotFound("no_file", N_("This file is not here any more."))
    db.delete(staged)
    db.flush()
    return staged.stored_as


def discard_draft(db: Session, browser: str, client_id: str) -> list[str]:
    """Throw a draft away before it was filed; returns the names under which the bytes of its files lie."""
    draft = find_draft(db, browser, client_id, lock=True)
    return _remove(db, [draft.id]) if draft is not None and draft.appeal_id is None else []


def purge_drafts(db: Session, now: datetime, most: int = PURGED_AT_ONCE) -> list[str]:
    """Remove drafts that are over; returns the names under which the bytes of their files lie.

    Files of a filed appeal are no longer the draft's and stay.
    """
    over = list(
        db.scalars(select(AppealDraft.id).where(AppealDraft.expires_at <= now).order_by("id").limit(most))
    )
    return _remove(db, over) if over else []


def _remove(db: Session, over: list[int]) -> list[str]:
    names = list(db.scalars(select(StagedFile.stored_as).where(StagedFile.draft_id.in_(over))))
    db.execute(delete(StagedFile).where(StagedFile.draft_id.in_(over)))
    db.execute(delete(AppealDraft).where(AppealDraft.id.in_(over)))
    return names
