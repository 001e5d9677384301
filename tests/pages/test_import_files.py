"""What people send to the import page: the tables of other systems, and files that are no table at all."""

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from portal.cases.models import Appeal
from portal.intake.importing import job
from portal.intake.importing.models import ImportRun
from portal.kernel import clock, jobs
from portal.kernel.db import Database
from tests.cast import City
from tests.client import Client, Page

BOARD = "留言编号,留言主题,留言详情,留言时间,点赞数\n7,路灯坏了,三号楼前很黑,2019/4/24 16:03,3\n8,井盖响,,没有日期,1\n"


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["portal_database"]
    return found


@pytest.fixture
def mei(app: Flask, city: City) -> Client:
    return Client(app, lang="en").sign_in(city.person("mei"))


def send(client: Client, content: bytes, name: str, **values: object) -> Page:
    page = client.get("/desk/import")
    return client.submit(
        page, "/desk/import", file=(io.BytesIO(content), name), **({"channel": "4"} | values)
    )


def work(database: Database) -> None:
    now = clock.now() + timedelta(minutes=2)
    for turn in range(20):
        if job.turn(database, now + timedelta(seconds=turn)) != jobs.AGAIN:
            return


def taken(database: Database) -> list[str | None]:
    with database.reading() as db:
        return list(db.scalars(select(Appeal.external_id).order_by(Appeal.id)))


def runs(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count(ImportRun.id))) or 0


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


SHEET = book(
    ["Letters of 2019"],
    ["id", "title", "body", "created_at", "likes"],
    [7, "路灯坏了", "三号楼前很黑", datetime(2019, 4, 24, 16, 3), 3],  # noqa: DTZ001 - sheets know no zone
    [8, "井盖响", "", "没有日期", 1],
)


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (BOARD.encode(), "utf-8.csv", 3),
        (BOARD.encode("utf-8-sig"), "as Excel saves it.csv", 3),
        (BOARD.encode("gb18030"), "as old systems export it.csv", 3),
        (BOARD.encode("cp936"), "旧平台.csv", 3),
        (BOARD.replace(",", "\t").encode("utf-16"), "Unicode text.txt", 3),
        (SHEET, "letters.xlsx", 4),
        (SHEET, "spreadsheet under a wrong name.csv", 4),
        (BOARD.encode(), "text under a wrong name.xlsx", 3),
    ],
)
def test_a_table_of_any_kind_comes_in_and_its_bad_row_is_named(
    mei: Client, database: Database, content: bytes, name: str, line: int
) -> None:
    page = send(mei, content, name)
    assert page.heading == f"Import of {name}"
    assert page.links()["See how far it is now"] == page.path, "the way on without scripts"
    work(database)
    page = mei.get(page.path)
    assert f"Line Why {line} Column" in page.text
    assert "没有日期" not in page.text
    assert "Take in 1 appeal" in page.html
    mei.submit(page, "/start")
    work(database)
    assert taken(database) == ["7"]
    assert "路灯坏了" in mei.get("/desk/cases?channel=history&state=any").text


def damaged(content: bytes) -> bytes:
    """The same file with some of its bytes lost on the way."""
    middle = content.index(b"xl/worksheets/sheet1.xml") + 60
    return content[:middle] + b"\xff" * 40 + content[middle + 40 :]


def a_document() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return content.getvalue()


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.csv", "The file is empty"),
        (b"\n \n,,,\n", "blank.csv", "The file is empty"),
        (b"\x00" * 200, "zeros.csv", "is no table"),
        (PNG, "picture.csv", "is no table"),
        (PDF, "letters.pdf", "is no table"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)), "program", "is no table"),
        (
            b"id,title,created_at\n1,\xff\xff\xff\x80,2019-04-24\n",
            "garbled.csv",
            "neither UTF-8 nor GB 18030",
        ),
        (b"PK\x03\x04 and nothing after it", "broken.xlsx", "no readable XLSX file"),
        (SHEET[: len(SHEET) // 2], "half.xlsx", "no readable XLSX file"),
        (damaged(SHEET), "damaged.xlsx", "no readable XLSX file"),
        (a_document(), "letter.docx", "no readable XLSX file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old.xls", "old Excel file (XLS)"),
        ("亲爱的同事：\n请查收附件。\n".encode(), "mail.txt", "the header lacks"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "export.xls", "the header lacks"),
    ],
)
def test_what_is_no_table_is_refused_in_words_and_the_choices_stay(
    mei: Client, database: Database, content: bytes, name: str, words: str
) -> None:
    page = send(mei, content, name, channel="2", map="board-votes", as_new="y")
    assert page.status == 422
    assert words in page.text
    kept = page.form("/desk/import").fields
    assert (kept["channel"], kept["map"], kept["as_new"]) == ("2", "board-votes", "y")
    assert not any(ord(sign) < 32 and sign not in "\t\n\r" for sign in page.html)
    assert runs(database) == 0


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "C:\\Users\\mei\\letters.csv", "长" * 300 + ".csv", "a\x00b\x1b[31m.csv", "<b>.csv"],
)
def test_no_file_name_does_harm(mei: Client, database: Database, name: str) -> None:
    page = send(mei, BOARD.encode(), name)
    assert page.status == 200
    assert page.heading.startswith("Import of ")
    assert not any(sign in page.heading for sign in "/\\\x00\x1b")
    assert mei.get("/desk/import").status == 200


def test_a_column_that_means_nothing_is_named_whatever_it_is_called(mei: Client, database: Database) -> None:
    head, row, _ = BOARD.split("\n", 2)
    page = send(mei, f"{head},<script>\x1bx\n{row},1\n".encode(), "odd.csv")
    work(database)
    page = mei.get(page.path)
    assert "<script>" in page.text
    assert "\x1b" not in page.html
