"""Files people send: nothing but their pixels is kept of pictures, and nothing that acts gets in."""

import io
import struct
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from PIL import Image, PngImagePlugin
from werkzeug.datastructures import FileStorage

from portal.cases import attachments
from portal.identity.actors import PUBLIC
from portal.kernel import files
from portal.kernel.db import Database
from portal.kernel.errors import Invalid, NotFound
from portal.settings import Settings
from portal.web import uploads
from tests.cast import NOW

DAY = date(2026, 6, 18)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def photo(size: tuple[int, int] = (40, 20), orientation: int = 1, kind: str = "JPEG") -> bytes:
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "Secret Camera"
    exif.get_ifd(GPS)[1] = "N"
    buffer = io.BytesIO()
    picture.save(buffer, kind, exif=exif)
    return buffer.getvalue()


def claimed_size(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def packed(objects: bytes) -> bytes:
    """Objects of a PDF the way most programs write them."""
    body = zlib.compress(objects)
    return (
        b"endobj\n2 0 obj\n<< /Type /ObjStm /N 1 /Filter /FlateDecode >>\nstream\r\n%s\nendstream\nendobj"
        % body
    )


def kept(folder: Path, content: bytes, name: str = "a.jpg") -> tuple[files.KeptFile, bytes]:
    found = files.keep(folder, name, content, DAY)
    return found, files.path_of(folder, found.stored_as).read_bytes()


def refused(folder: Path, content: bytes, name: str = "a.jpg") -> str:
    with pytest.raises(Invalid) as told:
        files.keep(folder, name, content, DAY)
    assert str(told.value) != told.value.code, "a refusal has words"
    assert not list(folder.rglob("*.*")), "what is refused leaves nothing behind"
    return told.value.code


def test_a_photo_is_kept_without_place_and_camera(tmp_path: Path) -> None:
    found, content = kept(tmp_path, photo())
    assert b"Secret Camera" not in content
    assert b"Exif" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    assert (found.media_type, found.size) == ("image/jpeg", len(content))


def test_a_photo_taken_sideways_is_kept_upright(tmp_path: Path) -> None:
    _, content = kept(tmp_path, photo((40, 20), orientation=6))
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (20, 40)
    red, green, _ = picture.convert("RGB").getpixel((18, 2))
    assert red > 200 > 100 > green, "the red corner went from top left to top right"


def test_comments_and_files_hidden_behind_a_picture_are_gone(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "my name and address")
    buffer = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 128)).save(buffer, "PNG", pnginfo=info)
    _, content = kept(tmp_path, buffer.getvalue() + b"PK\x03\x04<script>alert(1)</script>", "a.png")
    assert b"address" not in content
    assert b"script" not in content
    assert Image.open(io.BytesIO(content)).mode == "RGBA", "what could be seen through still can"


def test_a_picture_larger_than_a_page_is_made_smaller(tmp_path: Path) -> None:
    _, content = kept(tmp_path, photo((5000, 100)))
    assert max(Image.open(io.BytesIO(content)).size) == 4096


@pytest.mark.parametrize("kind, media_type", [("PNG", "image/png"), ("WEBP", "image/jpeg")])
def test_other_pictures_become_types_every_reader_shows(tmp_path: Path, kind: str, media_type: str) -> None:
    found, content = kept(tmp_path, photo(kind=kind), "whatever.exe")
    assert found.media_type == media_type
    assert found.name.startswith("whatever.")
    assert not found.name.endswith(".exe")
    assert b"Secret Camera" not in content


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_a_picture_that_unpacks_to_gigabytes_is_refused(tmp_path: Path, side: int) -> None:
    assert refused(tmp_path, claimed_size(side, side), "a.png") == "file_pixels"


def test_half_a_picture_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, photo()[:300]) == "file_damaged"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ\x90\x00" + b"\0" * 200,
        b"PK\x03\x04" + b"\0" * 100,
        b"GIF89a" + b"\0" * 100,
        b"hello",
        b"\0" * 1000,
        bytes(range(256)),
    ],
)
def test_what_is_no_picture_and_no_document_is_refused_whatever_its_name(
    tmp_path: Path, content: bytes
) -> None:
    assert refused(tmp_path, content, "photo.jpg") in ("file_type", "file_damaged")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"") == "file_empty"


def test_a_plain_document_is_kept_as_it_is(tmp_path: Path) -> None:
    found, content = kept(tmp_path, PDF, "证明材料.pdf")
    assert content == PDF
    assert (found.name, found.media_type) == ("证明材料.pdf", "application/pdf")
    for objects in (b"1 0 << /Type /Catalog /OpenAction [3 0 R /Fit] >>", b"0" * 30_000_000):
        kept(tmp_path, PDF.replace(b"endobj", packed(objects)))


def test_a_document_made_to_keep_one_reading_is_read_in_no_time(tmp_path: Path) -> None:
    began = monotonic()
    for odd in (b"/ObjStm stream\n", b"/ObjStm", packed(b"0" * 60_000_000)):
        kept(tmp_path, PDF.replace(b"endobj", odd * (2_000_000 // len(odd))))
    assert monotonic() - began < 20


@pytest.mark.parametrize(
    "content, code",
    [
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "file_active"),
        (PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFiles 3 0 R"), "file_active"),
        (PDF.replace(b"/Catalog", b"/Catalog /AA << /S /J#61va#53cript >>"), "file_active"),
        (PDF.replace(b"/Catalog", b"/Catalog /AA << /S /#4caunc#68 >>"), "file_active"),
        (PDF.replace(b"endobj", packed(b"1 0 << /S /JavaScript >>")), "file_active"),
        (PDF.replace(b"endobj", packed(b"plain") + packed(b"2 0 << /S /L#61unch >>")), "file_active"),
        (PDF + b"PK\x03\x04 another file", "file_damaged"),
        (PDF[:-7], "file_damaged"),
    ],
)
def test_a_document_that_acts_or_carries_others_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, content, "a.pdf") == code


def test_something_before_a_document_makes_it_no_document(tmp_path: Path) -> None:
    assert refused(tmp_path, b"<script>" + PDF, "a.pdf") in ("file_type", "file_damaged")


@pytest.mark.parametrize(
    "name, shown",
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\me\\楼道.JPG", "楼道.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("a\0b\r\nc.png", "abc.jpg"),
        (".jpg", "jpg.jpg"),
        ("", "file.jpg"),
        ("x" * 500 + ".jpg", "x" * 80 + ".jpg"),
    ],
)
def test_names_are_shown_without_tricks(name: str, shown: str) -> None:
    assert files.shown_name(name, "jpg") == shown


def test_files_lie_under_random_names_by_day(tmp_path: Path) -> None:
    first, _ = kept(tmp_path, photo(), "楼道.jpg")
    second, _ = kept(tmp_path, photo(), "楼道.jpg")
    assert first.stored_as.startswith("2026/06/18/")
    assert "楼道" not in first.stored_as
    assert first.stored_as != second.stored_as
    mode = files.path_of(tmp_path, first.stored_as).stat().st_mode & 0o777
    assert mode & 0o007 == 0, "nobody else on the machine reads them"


@pytest.mark.parametrize("stored_as", ["../secret.key", "/etc/passwd", "2026/06/18/../../x.jpg", ""])
def test_a_path_we_never_gave_leads_nowhere(tmp_path: Path, stored_as: str) -> None:
    with pytest.raises(NotFound):
        files.path_of(tmp_path, stored_as)


def test_a_file_over_the_limit_is_refused_with_the_limit_named(settings: Settings) -> None:
    small = replace(settings, max_attachment_mb=1)
    with pytest.raises(Invalid) as told:
        uploads.keep(small, FileStorage(io.BytesIO(b"x" * (2**20 + 1)), "a.jpg"), DAY)
    assert "1 MB" in str(told.value)


def test_files_are_found_by_the_day_they_were_kept_on_and_by_their_age(tmp_path: Path) -> None:
    found, _ = kept(tmp_path, photo())
    now = datetime.now(UTC)
    assert list(files.kept_on(tmp_path, DAY, now - timedelta(hours=1))) == []
    assert list(files.kept_on(tmp_path, DAY, now + timedelta(hours=1))) == [found.stored_as]
    assert list(files.kept_on(tmp_path, date(2026, 6, 19), now + timedelta(hours=1))) == []
    files.discard(tmp_path, [found.stored_as, found.stored_as, "../never ours"])
    assert list(files.kept_on(tmp_path, DAY, now + timedelta(hours=1))) == []


def test_an_attachment_is_a_row_that_leads_to_its_bytes(database: Database, settings: Settings) -> None:
    kept_file = files.keep(settings.upload_dir, "楼道.jpg", photo(), DAY)
    with database.transaction() as db:
        attachment = attachments.store(db, NOW, PUBLIC, kept_file, "appeal", caption="楼道")
        assert attachment.id
        assert attachment.uploaded_by_id is None
        assert attachments.path_of(settings, attachment).read_bytes()[:2] == b"\xff\xd8"
