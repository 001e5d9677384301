"""Tables from spreadsheets: any usual encoding, a header that is checked, rows that know their lines."""

import pytest

from portal.kernel.csvfiles import Column, read
from portal.kernel.errors import Invalid

COLUMNS = (
    Column("code", ("代码",), required=True),
    Column("name", ("名称",), required=True),
    Column("short_name"),
)
TEXT = "代码,名称\nA,市住建局\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.replace(",", "\t").encode("utf-16"), "utf-16"),
        (TEXT.replace(",", ";").encode(), "utf-8"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("代码", " CODE ").replace("名称", "Name*").encode(), "utf-8"),
    ],
)
def test_what_spreadsheets_write_is_read(content: bytes, encoding: str) -> None:
    sheet = read(content, COLUMNS)
    assert sheet.encoding == encoding
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, {"code": "A", "name": "市住建局"})]


def test_a_row_knows_the_line_it_begins_on_and_empty_lines_are_none() -> None:
    sheet = read(b'code,name\n\n"A","two\nlines"\n,\nB,b\n', COLUMNS)
    assert [(row.line, row.cells["code"]) for row in sheet.rows] == [(3, "A"), (6, "B")]


def test_a_short_row_is_filled_up_and_a_long_one_is_marked() -> None:
    short, long = read(b"code,name,short_name\nA\nB,b,s,more\n", COLUMNS).rows
    assert short.cells == {"code": "A", "name": "", "short_name": ""}
    assert (short.surplus, long.surplus) == (False, True)


def test_a_column_nobody_knows_is_named_with_what_it_was_perhaps_meant_for() -> None:
    sheet = read("code,name,shortname,sort_name,备注\n".encode(), COLUMNS)
    assert sheet.ignored == {"sort_name": "short_name", "备注": None}
    assert sheet.columns == {"code", "name", "short_name"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "csv_empty"),
        (b"\n \n", "csv_empty"),
        (b"name\nx\n", "csv_header"),
        (b"code,name,code\n", "csv_twice"),
        (b'code,name\nA,"open\n', "csv_broken"),
        (b"code,name\n\xff\xff\xff\n", "csv_encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as told:
        read(content, COLUMNS)
    assert told.value.code == code
    assert str(told.value)


def test_a_missing_column_is_told_with_what_is_there_and_what_may_be() -> None:
    with pytest.raises(Invalid) as told:
        read("单位,名称\n".encode(), COLUMNS)
    assert (
        str(told.value) == "The header lacks code. It has: 单位, 名称. It may have: code, name, short_name."
    )
