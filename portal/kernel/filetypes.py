"""What a file is, judged by its content alone: the name and the browser's word for it count for nothing."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal.kernel.errors import Invalid
from portal.kernel.words import N_

HEAD = 4096
PDF = "application/pdf"
IMAGES = ("image/jpeg", "image/png", "image/webp")
_PDF_ENDS_WITHIN = 1024
# What makes a document act when it is opened, or carry other files along.
_ACTS = ("JavaScript", "Launch", "EmbeddedFiles?", "RichMedia", "SubmitForm", "ImportData", "XFA")
_OBJECTS = re.compile(rb"/ObjStm\b.{0,400}?\bstream\r?\n", re.DOTALL)
_MOST_OBJECTS = 64 * 2**20
"""As far as packed objects are read in one document."""


def _spelled(name: str) -> str:
    """A name of a PDF as it may be written: any letter may stand there as `#` and its number."""
    return "".join(f"(?:{sign}|#(?i:{ord(sign):02x}))" if sign.isalpha() else sign for sign in name)


_PDF_ACTS = re.compile(rf"/(?:{'|'.join(map(_spelled, _ACTS))})\b".encode())


@dataclass(frozen=True, slots=True)
class FileType:
    """A type we take: the media type and the ending the file is given."""

    media_type: str
    ending: str

    @property
    def is_image(self) -> bool:
        return self.media_type in IMAGES


TYPES = {
    "image/jpeg": FileType("image/jpeg", "jpg"),
    "image/png": FileType("image/png", "png"),
    "image/webp": FileType("image/webp", "webp"),
    PDF: FileType(PDF, "pdf"),
}


def judge(content: bytes) -> FileType:
    """The type of these bytes; `Invalid` for anything but a JPEG, PNG or WebP picture or a plain PDF."""
    import puremagic

    if not content:
        raise Invalid("file_empty", N_("This file is empty."))
    try:
        matches = puremagic.magic_string(content[:HEAD])
    except puremagic.PureError:
        matches = []
    found = TYPES.get(matches[0].mime_type) if matches else None
    if found is None:
        raise Invalid("file_type", N_("Only JPEG, PNG and WebP pictures and PDF documents can be sent."))
    if found.media_type == PDF:
        _check_pdf(content)
    return found


def _check_pdf(content: bytes) -> None:
    """A PDF from its first byte to its last, which does nothing by itself.

    Something else before or behind it would make it two files in one, and each reader would see another.
    """
    ends = content.rfind(b"%%EOF")
    if not content.startswith(b"%PDF-") or ends < len(content) - _PDF_ENDS_WITHIN:
        raise Invalid("file_damaged", N_("This PDF is damaged. Save it anew and send it again."))
    if content[ends + 5 :].strip(b"\r\n\t \0"):
        raise Invalid("file_damaged", N_("This PDF is damaged. Save it anew and send it again."))
    if _PDF_ACTS.search(content) or any(map(_PDF_ACTS.search, _packed_objects(content))):
        raise Invalid(
            "file_active",
            N_("This PDF contains scripts or other files. Print it to a new PDF and send that."),
        )


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """The objects that are packed together, in the way in which most programs do it. Other ways, and documents
    under a password, are not looked into."""
    place, room = 0, _MOST_OBJECTS
    while room > 0 and (found := _OBJECTS.search(content, place)):
        place = content.find(b"endstream", found.end())
        if place < 0:
            return
        try:
            plain = zlib.decompressobj().decompress(content[found.end() : place], room)
        except zlib.error:
            continue
        room -= len(plain)
        yield plain
