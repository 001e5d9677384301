"""Files that come with a form: each is checked and kept, or blamed by name at the form's field."""

from typing import Any

from portal.kernel import clock, files
from portal.kernel.errors import Invalid
from portal.kernel.words import N_
from portal.web import uploads
from portal.web.database import settings
from portal.web.filters import told
from portal.web.guarding import throttle
from portal.web.words import _


def receive(form: Any) -> list[files.KeptFile]:
    """The good files of the form's field `files`; errors for the others stand at the field."""
    sent = uploads.sent(form.files.data or [])
    if not sent:
        return []
    throttle("upload.network", cost=len(sent))
    here, kept = settings(), []
    day = clock.local_date(clock.now(), here.timezone)
    for upload in sent[: here.max_attachments]:
        try:
            kept.append(uploads.keep(here, upload, day))
        except Invalid as error:
            blame(form, upload.filename or "", error)
    for upload in sent[here.max_attachments :]:
        blame(form, upload.filename or "", too_many(here.max_attachments))
    return kept


def blame(form: Any, name: str, error: Invalid) -> None:
    """Say which file, and what is wrong with it."""
    said = _("%(file)s: %(fault)s", file=name[:80], fault=told(error))
    form.files.errors = [*form.files.errors, said]


def too_many(most: int) -> Invalid:
    """More files than may be sent."""
    return Invalid("too_many_files", N_("At most %(most)d files can be sent."), most=most)


def drop(kept: list[files.KeptFile]) -> None:
    """Remove the bytes of files that nothing came of."""
    files.discard(settings().upload_dir, (file.stored_as for file in kept))
