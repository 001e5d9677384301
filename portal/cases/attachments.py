"""Attachments of appeals and cases: the row of a kept file. The bytes are the affair of `portal.kernel.files`.

For doors: `keep` before the write transaction (pictures take a while), `store` inside it.

    kept = [attachments.keep(upload) for upload in sent(form.files.data)]
    with transaction() as db:
        ids = [attachments.store(db, now, actor, file, "evidence", case_id=7).id for file in kept]
"""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.cases.texts import Attachment
from portal.identity.actors import Actor
from portal.kernel import clock, files
from portal.settings import Settings
from portal.web import uploads
from portal.web.database import settings

__all__ = ["keep", "path_of", "store"]


def keep(upload: FileStorage) -> files.KeptFile:
    """Check, clean and write an uploaded file; `Invalid` says what is wrong with it."""
    here = settings()
    return uploads.keep(here, upload, clock.local_date(clock.now(), here.timezone))


def store(
    db: Session,
    now: datetime,
    actor: Actor,
    upload: FileStorage | files.KeptFile,
    kind: str,
    *,
    appeal_id: int | None = None,
    case_id: int | None = None,
    caption: str = "",
) -> Attachment:
    """Note a file as an attachment, `kind` being `appeal` (from the asker) or `evidence` (from the unit)."""
    kept = upload if isinstance(upload, files.KeptFile) else keep(upload)
    attachment = Attachment(
        **asdict(kept),
        appeal_id=appeal_id,
        case_id=case_id,
        kind=kind,
        caption=caption[:200],
        uploaded_by_id=actor.person_id,
        made_at=now,
    )
    db.add(attachment)
    db.flush()
    return attachment


def path_of(settings: Settings, attachment: Attachment) -> Path:
    """Where the attachment's bytes lie."""
    return files.path_of(settings.upload_dir, attachment.stored_as)
