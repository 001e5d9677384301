"""Files kept outside the web root, under random names in folders by day: checked, cleaned, written, removed.

Keeping is slow (pictures are made anew) and belongs before the transaction that writes the row. A file
whose row never came about is found by its age (`kept_on`).
"""

import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from portal.kernel.errors import NotFound
from portal.kernel.filetypes import judge
from portal.kernel.images import remade
from portal.kernel.words import N_

LONGEST_NAME = 80
_STORED = re.compile(r"\d{4}/\d{2}/\d{2}/[0-9a-f]{32}\.(?:jpg|png|webp|pdf)")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is on the disk under its random name; a row makes it somebody's."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str


def keep(folder: Path, name: str, content: bytes, day: date) -> KeptFile:
    """Judge and clean these bytes and write them; `Invalid` says what is wrong with them."""
    kind = judge(content)
    if kind.is_image:
        content, kind = remade(content)
    stored_as = f"{day:%Y/%m/%d}/{secrets.token_hex(16)}.{kind.ending}"
    _write(folder / stored_as, content)
    return KeptFile(
        name=shown_name(name, kind.ending),
        media_type=kind.media_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        stored_as=stored_as,
    )


def _write(path: Path, content: bytes) -> None:
    """On the disk for good before anybody is told that it was received."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def shown_name(name: str, ending: str) -> str:
    """The name as it is shown: no folders, no signs that hide or turn text, the ending of what it really is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')
    stem = plain.rpartition(".")[0] or plain
    return f"{stem.strip(' .')[:LONGEST_NAME] or 'file'}.{ending}"


def path_of(folder: Path, stored_as: str) -> Path:
    """Where a kept file lies; `NotFound` for a name that was never given."""
    if not _STORED.fullmatch(stored_as):
        raise NotFound("no_file", N_("This file is not here any more."))
    return folder / stored_as


def discard(folder: Path, stored_names: Iterable[str]) -> None:
    """Remove files from the disk; one that is gone already is no fault."""
    for stored_as in stored_names:
        if _STORED.fullmatch(stored_as):
            (folder / stored_as).unlink(missing_ok=True)


def kept_on(folder: Path, day: date, before: datetime) -> Iterator[str]:
    """Names of the files kept on a day and not written since `before`."""
    there = folder / f"{day:%Y/%m/%d}"
    for path in there.iterdir() if there.is_dir() else ():
        if path.stat().st_mtime < before.timestamp():
            yield path.relative_to(folder).as_posix()
