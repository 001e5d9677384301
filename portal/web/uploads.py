"""Files in and out over the web: reading an upload within its limit, and sending a kept file safely."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from flask import make_response, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.kernel import files
from portal.kernel.aside import aside
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.filetypes import IMAGES
from portal.kernel.words import N_
from portal.settings import Settings

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def sent(uploads: Iterable[FileStorage]) -> list[FileStorage]:
    """The uploads that hold a file: browsers send an empty one for a field left alone."""
    return [upload for upload in uploads if isinstance(upload, FileStorage) and upload.filename]


def keep(settings: Settings, upload: FileStorage, day: date) -> files.KeptFile:
    """Read, judge, clean and write one file, before the transaction that gives it a row.

    `Invalid` says what is wrong with it.
    """
    most = settings.max_attachment_mb * 2**20
    content = upload.stream.read(most + 1)
    if len(content) > most:
        raise Invalid(
            "file_size", N_("This file is larger than %(most)d MB."), most=settings.max_attachment_mb
        )
    return aside(files.keep, settings.upload_dir, upload.filename or "", content, day)


def send(settings: Settings, stored_as: str, media_type: str, name: str) -> Response:
    """The file: pictures are shown, everything else is saved; nothing in it can run on our pages."""
    path = files.path_of(settings.upload_dir, stored_as)
    if not path.is_file():
        raise NotFound("no_file", N_("This file is not here any more."))
    response = make_response(send_file(path.resolve(), mimetype=media_type, conditional=True))
    shown = "inline" if media_type in IMAGES else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
