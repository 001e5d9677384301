"""Tables from elsewhere: encodings, delimiters, lost quotation marks, formulas, dates, and maps that say which
column is what."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.intake.importing import maps, records, sheets
from portal.intake.importing.moments import Moments
from portal.intake.importing.reading import Opened, open_table
from portal.intake.importing.records import Broken
from portal.kernel.errors import Invalid

ZONE = ZoneInfo("Asia/Shanghai")
TEXT = "编号,标题,内容,留言时间,点赞数\n1,路灯坏了,三号楼前很黑,2019-04-24 16:03:40,3\n"


def opened(folder: Path, content: bytes, name: str = "table.csv") -> Opened:
    path = folder / name
    path.write_bytes(content)
    return open_table(path, maps.shipped())


def lines(found: Opened) -> list[tuple[int, Any]]:
    """Line and first cell of each row, or the code of what is wrong with it."""
    rows = found.table.rows(found.header)
    return [(row.line, row.error.code if isinstance(row, Broken) else row.cells[0]) for row in rows]


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "with its mark, as Excel saves it"),
        (TEXT.encode("gb18030"), "GB 18030"),
        (TEXT.replace(",", "\t").encode("utf-16"), "Excel's Unicode text"),
        (TEXT.replace(",", ";").encode(), "semicolons"),
        (TEXT.replace(",", "|").encode(), "bars"),
        (TEXT.replace(",", "，").encode(), "full-width commas"),
        (TEXT.replace("\n", "\r\n").encode(), "lines as Windows ends them"),
        (
            TEXT.replace("编号", " 编 号* ").replace("标题", "標題").replace("標題", "标题").encode(),
            "starred",
        ),
        (b"\n,,,,\n" + "信件汇总表,,,,\n".encode() + TEXT.encode(), "a title above the header"),
    ],
)
def test_any_usual_table_is_read(tmp_path: Path, content: bytes, remark: str) -> None:
    found = opened(tmp_path, content)
    assert found.map.name == "board-votes", remark
    row = next(iter(found.table.rows(found.header)))
    assert not isinstance(row, Broken)
    assert [row.cells[found.fields[name]] for name in ("external_id", "title", "likes")] == [
        "1",
        "路灯坏了",
        "3",
    ], remark


def test_a_file_in_no_known_encoding_is_refused_rather_than_guessed(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        opened(tmp_path, b"id,title,created_at\n1,\xff\xff\xff\x80,2019-04-24\n")
    assert refused.value.code == "csv_encoding"


HEAD = "id,title,body,created_at,likes\n"
A, B, C = (f'{n},"路灯","坏了",2019-04-24,1\n' for n in "123")


@pytest.mark.parametrize(
    ("text", "expected", "remark"),
    [
        (A + B, [(2, "1"), (3, "2")], "two rows"),
        (A + "\n,,,,\n" + B, [(2, "1"), (5, "2")], "empty rows are none"),
        (
            '1,"两\n行",x,2019-04-24,1\n' + B,
            [(2, "1"), (4, "2")],
            "a row of two lines; the next knows its own",
        ),
        ('1,"他说""不行""",x,2019-04-24,1\n' + B, [(2, "1"), (3, "2")], "doubled marks"),
        (A + '2,"没有关上,x,2019-04-24,1\n' + C, [(2, "1"), (3, "csv_quotes"), (4, "3")], "never closed"),
        (
            '1,"没有关上,x,2019-04-24,1\n' + "2,a,b,2019-04-24,1\n3,a,b,2019-04-24,1\n",
            [(2, "csv_quotes"), (3, "2"), (4, "3")],
            "never closed, and no mark after it",
        ),
        ('1,"他说"不行"",x,2019-04-24,1\n' + B, [(2, "csv_quotes"), (3, "2")], "marks inside marks"),
        ("1,a,b,2019-04-24,1,多,出\n" + B, [(2, "surplus_cells"), (3, "2")], "more cells than the header"),
        ("1,a,b,2019-04-24,1,,\n" + B, [(2, "1"), (3, "2")], "more cells, but empty"),
        ("1,a,b,2019-04-24\n" + B, [(2, "1"), (3, "2")], "the last cells left out"),
    ],
)
def test_a_bad_row_costs_itself_and_not_the_rest(
    tmp_path: Path, text: str, expected: list[tuple[int, str]], remark: str
) -> None:
    assert lines(opened(tmp_path, (HEAD + text).encode())) == expected, remark


def book(folder: Path, *rows: list[Any], sheet: str = "Sheet1") -> Path:
    from openpyxl import Workbook

    made = Workbook()
    page = made.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    path = folder / "table.xlsx"
    made.save(path)
    return path


def test_a_spreadsheet_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    moment = datetime(2019, 4, 24, 16, 3, 40)  # noqa: DTZ001 - spreadsheets know no zone
    path = book(
        tmp_path,
        ["信件汇总"],
        [],
        ["id", "title", "body", "created_at", "likes"],
        [2554, "路灯", "坏了", moment, 3.0],
        [None, None, None, None, None],
        [2555, "路灯", "还坏着", moment],
    )
    found = open_table(path, maps.shipped())
    assert lines(found) == [(4, 2554), (6, 2555)]
    row = next(iter(found.table.rows(found.header)))
    assert not isinstance(row, Broken)
    assert row.cells[3] == moment


def test_a_formula_stays_the_text_it_is(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        ["id", "title", "body", "created_at", "likes"],
        [1, "=1+1", '=HYPERLINK("http://evil.example","点我")', "2019-04-24", 1],
    )
    found = open_table(path, maps.shipped())
    row = next(iter(found.table.rows(found.header)))
    assert not isinstance(row, Broken)
    assert row.cells[1:3] == ["=1+1", '=HYPERLINK("http://evil.example","点我")']


@pytest.mark.parametrize("content", [b"\n" * 40, b",,,\n" * 40, HEAD.encode() + b"\n" * 40])
def test_blank_lines_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(records, "MOST_ROWS", 30)
    with pytest.raises(Invalid) as refused:
        lines(opened(tmp_path, content))
    assert refused.value.code == "too_many_rows"


def zipped(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and nothing after it", "xlsx_broken"),
        (zipped({"a": b"b"}).replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"), "xlsx_broken"),
        (b"\xd0\xcf\x11\xe0 an old spreadsheet", "xls"),
        (b"", "csv_empty"),
        (b"\n\n", "csv_empty"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(tmp_path, content, "table.xlsx")
    assert refused.value.code == code


def test_a_zip_without_a_sheet_is_no_spreadsheet(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(Invalid) as refused:
        open_table(tmp_path / "a.xlsx", maps.shipped())
    assert refused.value.code == "xlsx_broken"


def altered(path: Path, old: str, new: str) -> Path:
    """The spreadsheet with something else in its first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert old in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(old, new, 1).encode()
    path.write_bytes(zipped(parts))
    return path


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('<row r="2"', '<row r="99999999999"', "too_many_rows"),
        ('<row r="1"', '<row r="1048577"', "too_many_rows"),
        ('<c r="A2" t="n"><v>1</v>', '<c r="A2" t="s"><v>4711</v>', "xlsx_broken"),
    ],
)
def test_a_sheet_that_is_not_what_it_says_is_told_and_ends(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    path = book(tmp_path, ["id", "title", "body", "created_at"], [1, "路灯", "坏了", "2019-04-24"])
    with pytest.raises(Invalid) as refused:
        lines(open_table(altered(path, old, new), maps.shipped()))
    assert refused.value.code == code


def test_a_file_that_unpacks_to_too_much_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, ["id", "title", "created_at", "likes"])
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 1000)
    with pytest.raises(Invalid) as refused:
        open_table(path, maps.shipped())
    assert refused.value.code == "xlsx_too_large"


def test_a_header_that_fits_no_map_is_told_what_it_lacks_and_what_was_perhaps_meant(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("工单编码,标题,受理时问,诉求内容\n1,a,2019-04-24,b\n")
    with pytest.raises(Invalid) as refused:
        open_table(path, [maps.find("hotline-12345")])
    words = str(refused.value)
    assert "lacks created_at (受理时间 /" in words
    assert "受理时问 → 受理时间?" in words
    assert "工单编码" in words


def test_the_map_that_makes_the_most_of_a_header_is_taken(tmp_path: Path) -> None:
    both = "id,title,created_at,body,reply,replied_at\n1,a,2019-04-24,b,c,2019-05-09\n"
    assert opened(tmp_path, both.encode()).map.name == "board-replies"
    plain = "external_id,title,body,created_at,kind\n"
    assert opened(tmp_path, plain.encode()).map.name == "plain"
    hotline = "工单编号,诉求内容,受理时间,诉求类型,联系电话\n"
    found = opened(tmp_path, hotline.encode())
    assert (found.map.name, found.unknown) == ("hotline-12345", ())


@pytest.mark.parametrize("one", maps.shipped(), ids=lambda one: one.name)
def test_a_shipped_map_names_no_header_twice(one: maps.ColumnMap) -> None:
    headers = [maps.folded(name) for names in one.columns.values() for name in names]
    assert len(headers) == len(set(headers))
    assert not set(headers) & {maps.folded(name) for name in one.ignored}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[columns]\ntitel = 'a'\ncreated_at = 'b'", "did you mean title?"),
        ("[columns]\ncreated_at = 'b'", "title or body"),
        ("[columns]\ntitle = 'a'", "created_at"),
        ("[columns]\ntitle = 3\ncreated_at = 'b'", "columns.title"),
        ("[columns]\ntitle = 'a'\ncreated_at = 'b'\n[values.kind]\n'咨询' = 'wish'", "values.kind.咨询"),
        ("[columns]\ntitle = 'a'\ncreated_at = 'b'\n[defaults]\nstate = 'won'", "defaults.state"),
        ("[columns]\ntitle = 'a'\ncreated_at = 'b'\n[dates]\nzone = 'Moon'", "Moon"),
        ("[colums]\ntitle = 'a'", "did you mean columns?"),
        ("columns = 3", "columns must be a table"),
        ("[columns", "cannot be used"),
    ],
)
def test_a_wrong_map_is_told_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(Invalid) as refused:
        maps.find(str(path))
    assert words in str(refused.value)
    assert "mine.toml" in str(refused.value)


DAY = "2019-04-23T16:00:00+00:00"
MOMENT = "2019-04-24T08:03:00+00:00"


@pytest.mark.parametrize(
    ("cell", "expected", "remark"),
    [
        ("2019-04-24 16:03:00", MOMENT, "as databases write it"),
        ("2019-04-24T16:03:00", MOMENT, "ISO"),
        ("2019-04-24T10:03:00+02:00", MOMENT, "with a zone of its own"),
        ("2019/4/24 16:03", MOMENT, "as Excel shows it"),
        ("２０１９年４月２４日 １６：０３", MOMENT, "full width"),
        ("2019年4月24日16时03分", MOMENT, "in words"),
        ("2019.4.24", DAY, "a day"),
        ("20190424", DAY, "compact"),
        ("201904241603", MOMENT, "compact, with the time"),
        ("20190424160300", MOMENT, "compact, with seconds"),
        (" 2019-04-24 \n", DAY, "spaces around"),
        (43579, DAY, "the day's number in a spreadsheet"),
        (43579.66875, MOMENT, "with the time as its part"),
        (date(2019, 4, 24), DAY, "a date cell"),
        (datetime(2019, 4, 24, 16, 3), MOMENT, "a moment cell"),  # noqa: DTZ001
        ("", None, "empty"),
        (None, None, "no cell"),
    ],
)
def test_dates_are_read_in_the_city_s_zone(cell: Any, expected: str | None, remark: str) -> None:
    found = Moments((), ZONE).read(cell)
    assert (found.isoformat() if found else None) == expected, remark


@pytest.mark.parametrize(
    "cell", ["昨天", "2019-13-01", "24.04.2019", "2019042", 7, True, 99999, "0019-04-24", "=TODAY()"]
)
def test_what_is_no_date_is_refused(cell: Any) -> None:
    with pytest.raises(ValueError):
        Moments((), ZONE).read(cell)


def test_a_map_s_own_way_to_write_dates_goes_first_in_every_row() -> None:
    moments = Moments(("%d/%m/%Y", "%m/%d/%Y"), ZONE)
    found = [moments.read(text) for text in ("04/24/2019", "01/02/2019")]
    assert [moment and moment.astimezone(ZONE).strftime("%m-%d") for moment in found] == ["04-24", "02-01"]
