"""Importing tables: good rows come in once, bad ones are told by line, and history sets nothing going."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import cli
from portal.cases.models import Appeal, Case
from portal.cases.texts import AppealContact, AppealKey, AppealRaw, AppealText, Reply
from portal.deadlines.models import Clock
from portal.kernel.db import Database
from portal.kernel.errors import PortalError
from portal.kernel.keys import unseal
from portal.publishing.models import PublishedCase
from tests.cast import ZONE, City
from tests.conftest import IN_CI, KEYS
from tests.searching import cases_with

HEAD = ("external_id", "title", "body", "created_at")
ENVIRONMENT = {
    "PORTAL_BASE_URL": "https://lounge.example",
    "PORTAL_SECRET_KEY": "a secret key for tests only",
    "PORTAL_CODE_KEY": "a code key for tests only",
    "PORTAL_DATA_KEYS": "MDEyMzQ1Njc4OWFiY2RlZg==",
}


@pytest.fixture(autouse=True)
def environment(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PORTAL_DEMO", raising=False)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli.portal, ["intake", "import", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit | PortalError):
        raise result.exception
    return result


def take(path: Path, *options: str) -> Result:
    return run(str(path), "--channel", "history", *options)


def table(folder: Path, *rows: Sequence[Any], head: Sequence[str] = HEAD, name: str = "table.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def count(db: Session, model: Any) -> int:
    return db.scalar(select(func.count()).select_from(model)) or 0


def found(database: Database, words: str) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(cases_with(words, database).order_by(Case.id)))


GOOD = ("1", "路灯坏了", "三号楼前很黑", "2019-04-24 16:03:40")


def test_good_rows_come_in_and_the_summary_says_so(database: Database, tmp_path: Path) -> None:
    result = take(table(tmp_path, GOOD, ("2", "井盖", "井盖不见了", "2019/4/25")))
    assert (result.exit_code, result.stdout) == (0, "added 2, known 0, refused 0\n")
    assert found(database, "井盖") == [2]
    with database.reading() as db:
        appeal = db.get_one(Appeal, 1)
        assert (appeal.external_id, appeal.occurred_at.isoformat()) == ("1", "2019-04-24T08:03:40+00:00")


@pytest.mark.parametrize(
    ("row", "words", "remark"),
    [
        (("2", "", " ", "2019-04-24"), "no words", "neither title nor text"),
        (("2", "a", "b", ""), "Column created_at: the date is missing", "no date"),
        (("2", "a", "b", "昨天"), "Column created_at: this date cannot be read", "no date that can be read"),
        (("2", "a", "b", "2199-01-01"), "has not come yet", "a date to come"),
        (("2" * 121, "a", "b", "2019-04-24"), "Column external_id: at most 120", "a number that is none"),
        (("2", "a", "长" * 100_001, "2019-04-24"), "Column body: at most 100000", "a book"),
        (("2", "a", "b", "2019-04-24", "many"), "Column likes: write a whole number", "likes in words"),
        (("2", "a", "b", "2019-04-24", "-3"), "Column likes: write a whole number", "fewer than none"),
        (("2", "a", "b", "2019-04-24", "", "办好了", ""), "not its date", "a reply of no day"),
        (("2", "a", "b", "2019-04-24", "", "", "", "123"), "no unified social credit code", "a wrong code"),
        (("2", "a", "b", "2019-04-24", *[""] * 4, "x"), "more cells than the header", "a cell too many"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_the_good_ones_stay(
    database: Database, tmp_path: Path, row: Sequence[str], words: str, remark: str
) -> None:
    head = (*HEAD, "likes", "reply", "replied_at", "credit_code")
    result = take(table(tmp_path, GOOD, row, ("3", "井盖", "不见了", "2019-04-25"), head=head))
    assert (result.exit_code, result.stdout) == (1, "added 2, known 0, refused 1\n"), remark
    line = next(line for line in result.stderr.splitlines() if line.startswith("table.csv:3: "))
    assert words in line
    assert "昨天" not in line, "what stands in a cell may be somebody's words"
    with database.reading() as db:
        assert db.scalars(select(Appeal.external_id).order_by(Appeal.id)).all() == ["1", "3"]


@pytest.mark.parametrize(
    ("row", "title", "body", "remark"),
    [
        (("路灯坏了", "很黑"), "路灯坏了", "很黑", "as it stands"),
        (("", "三号楼前的路灯坏了。晚上很黑。"), "三号楼前的路灯坏了", None, "the first sentence"),
        (("", "长" * 90), "长" * 39 + "…", None, "or its first signs"),
        (("只有标题", ""), "只有标题", "只有标题", "a title alone is the text too"),
        (
            ("长" * 230, "正文"),
            "长" * 199 + "…",
            "长" * 230 + "\n正文",
            "a long title stays whole in the text",
        ),
        (("a\x00b\x07", "一\r\n二\r三"), "ab", "一\n二\n三", "signs that nobody can see"),
        (("ＡＢＣ　１２", "混 合ｗｉｄｔｈ"), "ＡＢＣ １２", None, "width is the asker's own"),
        (("=1+1", "=cmd|' /C calc'!A0"), "=1+1", None, "what looks like a formula is words"),
        (("题", "一段" * 5000), "题", None, "ten thousand signs in one paragraph"),
    ],
)
def test_words_come_in_as_they_were_written(
    database: Database, tmp_path: Path, row: Sequence[str], title: str, body: str | None, remark: str
) -> None:
    assert take(table(tmp_path, ("1", *row, "2019-04-24"))).exit_code == 0, remark
    with database.reading() as db:
        text = db.get_one(AppealText, 1)
        assert text.title == title, remark
        assert text.body == (row[1] if body is None else body), remark


def test_a_very_long_paragraph_is_found_by_its_last_word(database: Database, tmp_path: Path) -> None:
    take(table(tmp_path, ("1", "题", "很长的一段" * 2000 + "结尾", "2019-04-24")))
    assert found(database, "结尾") == [1]


def test_running_it_again_adds_nothing_twice(database: Database, tmp_path: Path) -> None:
    path = table(tmp_path, GOOD, ("", "无编号", "没有编号的一行", "2019-04-24"))
    assert take(path).stdout == "added 2, known 0, refused 0\n"
    assert take(path).stdout == "added 0, known 2, refused 0\n"
    with database.reading() as db:
        own, made = db.scalars(select(Appeal.external_id).order_by(Appeal.id))
        assert own == "1"
        assert made is not None
        assert made.startswith("row:")


def test_rows_without_a_number_are_the_same_only_if_they_say_the_same(tmp_path: Path) -> None:
    same, other = ("", "题", "正文", "2019-04-24"), ("", "题", "正文", "2019-04-25")
    assert take(table(tmp_path, same, other, same)).stdout == "added 2, known 1, refused 0\n"


def test_the_same_table_through_another_channel_is_another_matter(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD)
    assert take(path).stdout == run(str(path), "--channel", "12345 热线").stdout


def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    take(table(tmp_path, GOOD))
    before = snapshot(database)
    path = table(
        tmp_path, GOOD, ("2", "a", "b", "2019-04-24"), ("2", "a", "b", "2019-04-24"), ("3", "", "", "")
    )
    dry = take(path, "--dry-run")
    assert (dry.exit_code, dry.stdout) == (1, "added 1, known 2, refused 1\n")
    assert "dry run: nothing was changed" in dry.stderr
    assert "table.csv:5: " in dry.stderr
    assert snapshot(database) == before
    assert take(path).stdout == dry.stdout


def snapshot(database: Database) -> list[tuple[str, int]]:
    from portal.tables import metadata

    with database.reading() as db:
        return [(t.name, db.scalar(select(func.count()).select_from(t)) or 0) for t in metadata.sorted_tables]


def test_a_hotline_s_work_orders_come_in_by_their_map(database: Database, tmp_path: Path, city: City) -> None:
    head = [
        "工单编号",
        "来电人",
        "联系电话",
        "受理时间",
        "诉求类型",
        "诉求分类",
        "所属区域",
        "标题",
        "诉求内容",
    ]
    head += ["被反映单位", "承办单位", "办理结果", "办结时间", "工单状态", "解决情况"]
    caller = ["王小满", "13900001234", "2026/3/2 8:15"]
    where = ["投诉", "城乡建设/物业管理", "东澜区", "漏水"]
    rows = [
        [
            "A1",
            *caller,
            *where,
            "楼顶漏水",
            "",
            "交通运输局",
            "已派人修好",
            "2026/3/5 17:00",
            "已办结",
            "已解决",
        ],
        [
            "A2",
            *caller,
            *where,
            "楼顶又漏水",
            "市排水管理处",
            "没有的单位",
            "已联系物业",
            "2026/3/6",
            "待评价",
            "",
        ],
        ["A3", *caller, *where, "还是漏水", "", "", "正在查", "2026/3/6", "办理中", ""],
        ["A4", *caller, "没见过的类型", "没见过的分类", "", "漏水", "第四次", *[""] * 6],
    ]
    result = take(table(tmp_path, *rows, head=head))
    assert result.stdout == "added 4, known 0, refused 0\n"
    assert "read by the map hotline-12345" in result.stderr
    assert "kind “没见过的类型” is not known here (1 rows)" in result.stderr
    with database.reading() as db:
        cases = db.scalars(select(Case).order_by(Case.id)).all()
        assert [case.state for case in cases] == ["closed", "answered", "submitted", "submitted"]
        assert [case.closing_kind for case in cases] == ["solved", None, None, None]
        assert [case.kind for case in cases] == ["complaint"] * 3 + ["help"]
        assert [case.category_id for case in cases] == [city.category("housing")] * 3 + [None]
        assert [case.area_id for case in cases] == [city.area("east")] * 3 + [None]
        assert [case.lead_unit_id for case in cases] == [city.unit("roads"), None, None, None]
        replies = db.scalars(select(Reply).order_by(Reply.id)).all()
        assert [reply.unit_name for reply in replies] == ["交通运输局", "没有的单位"]
        assert db.get_one(Appeal, 2).concerns_unit_id == city.unit("water")
        key = KEYS.unwrap(db.get_one(AppealKey, 1).wrapped)
        contact = json.loads(unseal(key, db.get_one(AppealContact, 1).sealed))
        assert contact == {"name": "王小满", "phone": "13900001234", "email": ""}
        assert json.loads(unseal(key, db.get_one(AppealRaw, 1).sealed)) == dict(
            zip(head, rows[0], strict=True)
        )
        assert count(db, Clock) == 0


def test_a_spreadsheet_comes_in_like_a_table(database: Database, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (
        HEAD,
        (1, "=1+1", "公式不计算", "2019-04-24"),
        (2.0, "题", "文", "昨天"),
        (3, "题", "文", 43579),
    ):
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    result = take(tmp_path / "table.xlsx")
    assert (result.exit_code, result.stdout) == (1, "added 2, known 0, refused 1\n")
    assert "table.xlsx:3: Column created_at" in result.stderr
    with database.reading() as db:
        assert db.scalars(select(Appeal.external_id).order_by(Appeal.id)).all() == ["1", "3"]
        assert db.get_one(AppealText, 1).title == "=1+1"


def test_open_appeals_are_new_cases_with_clocks_from_now(database: Database, tmp_path: Path) -> None:
    head = (*HEAD, "likes", "reply", "replied_at")
    rows = [
        (*GOOD, 7, "", ""),
        ("2", "答过的", "早就答过", "2019-04-24", 1, "办好了", "2019-05-09"),
        ("3", "长", "长" * 7000, "2019-04-24", "", "", ""),
    ]
    path = table(tmp_path, *rows, head=head)
    assert take(path, "--open").stdout == "added 3, known 0, refused 0\n"
    assert take(path, "--open").stdout == "added 0, known 3, refused 0\n"
    assert take(path).stdout == "added 0, known 3, refused 0\n"
    with database.reading() as db:
        fresh = db.scalars(select(Appeal).where(Appeal.external_id == "1")).one()
        assert (fresh.is_history, fresh.likes) == (False, 7)
        assert fresh.occurred_at.year == 2019
        assert fresh.code_hash is not None
        key = KEYS.unwrap(db.get_one(AppealKey, fresh.id).wrapped)
        assert json.loads(unseal(key, db.get_one(AppealRaw, fresh.id).sealed))["likes"] == "7"
        history = {case.id: case.is_history for case in db.scalars(select(Case))}
        assert sorted(history.values()) == [False, False, True]
        clocks = db.scalars(select(Clock)).all()
        assert {clock.subject_id for clock in clocks} == {i for i, past in history.items() if not past}
        assert all(clock.started_at.year >= 2026 for clock in clocks)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--channel", "histroy"), 2, "did you mean history?"),
        (("--channel", "pigeon"), 2, "there are web, hotline_12345, counter, history"),
        ((), 2, "Missing option '--channel'"),
        (("--channel", "history", "--map", "mine.toml"), 2, "There is no map"),
    ],
)
def test_wrong_usage_is_told_and_changes_nothing(
    database: Database, tmp_path: Path, options: Sequence[str], code: int, words: str
) -> None:
    result = run(str(table(tmp_path, GOOD)), *options)
    assert result.exit_code == code
    assert words in result.stderr.replace("\n", " ").replace("  ", " ")
    with database.reading() as db:
        assert count(db, Appeal) == 0


def test_a_file_that_is_no_table_is_one_line_and_not_a_traceback(tmp_path: Path) -> None:
    result = take(table(tmp_path, ("1", "2"), head=("a", "b")))
    assert isinstance(result.exception, PortalError)
    assert "the header lacks" in str(result.exception)


def test_a_map_of_one_s_own_is_used(database: Database, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        "[columns]\nbody='what'\ncreated_at='when'\nreply='answer'\n"
        "[dates]\nformats=['%d.%m.%Y']\nmissing_reply_date='created_at'\n[defaults]\nkind='enquiry'\n"
    )
    path = table(tmp_path, ("问一件事。", "24.04.2019", "答复"), head=("what", "when", "answer"))
    assert take(path, "--map", str(tmp_path / "mine.toml")).exit_code == 0
    with database.reading() as db:
        case = db.get_one(Case, 1)
        assert (case.kind, case.answered_at) == ("enquiry", case.opened_at)
        assert db.get_one(AppealText, 1).title == "问一件事"


def many(folder: Path, rows: int) -> Path:
    return table(
        folder, *((n, f"第{n}件", f"第{n}件的内容，{n % 97}号楼" * 12, "2019-04-24") for n in range(rows))
    )


@pytest.mark.slow
def test_a_run_that_was_killed_is_finished_by_the_next(database: Database, tmp_path: Path) -> None:
    rows = 4000
    path = many(tmp_path, rows)
    child = subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "intake", "import", str(path), "--channel", "history"],
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        waited_until_some_are_in(database, child)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=20)
    with database.reading() as db:
        there = count(db, Appeal)
        assert 0 < there < rows, "killed in the middle"
        assert there == count(db, Case) == count(db, AppealText) == count(db, AppealRaw)
    again = take(path)
    assert (again.exit_code, again.stdout) == (0, f"added {rows - there}, known {there}, refused 0\n")
    with database.reading() as db:
        assert count(db, Appeal) == count(db, Case) == count(db, AppealKey) == rows
        assert len(set(db.scalars(select(Appeal.receipt)))) == rows
    assert len(found(database, "内容")) == rows


def waited_until_some_are_in(database: Database, child: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        with database.reading() as db:
            if count(db, Appeal):
                return
        time.sleep(0.005)
    pytest.fail(f"nothing came in: {child.communicate()[1][-500:]}")


@pytest.fixture
def real() -> Iterator[Path]:
    folder = os.environ.get("OPENLOUNGE_DATA")
    if not folder:
        if IN_CI:
            pytest.fail("OPENLOUNGE_DATA must point at the data in CI")
        pytest.skip("OPENLOUNGE_DATA is not set")
    yield Path(folder) / "cn"


@pytest.mark.slow
def test_real_messages_come_in_whole_and_set_nothing_going(database: Database, real: Path) -> None:
    replies, votes = real / "messages_replies.csv", real / "messages_votes.csv"
    assert take(replies).stdout == "added 1654, known 0, refused 0\n"
    assert take(votes).stdout == "added 2375, known 0, refused 0\n"
    assert take(replies).stdout == "added 0, known 1654, refused 0\n"
    assert take(votes).stdout == "added 0, known 2375, refused 0\n"
    with database.reading() as db:
        states = {row[0]: row[1] for row in db.execute(select(Case.state, func.count()).group_by(Case.state))}
        assert states == {"answered": 1654, "submitted": 2375}
        assert count(db, Reply) == 1654
        assert count(db, Clock) == count(db, PublishedCase) == 0
        assert db.scalar(select(func.count()).where(Appeal.likes.is_not(None))) == 2375
    for path in (replies, votes):
        assert_words_are_there(database, path)


def assert_words_are_there(database: Database, path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with database.reading() as db:
        kept = {
            (row.external_id, row.title): row
            for row in db.execute(
                select(
                    Appeal.external_id,
                    Appeal.occurred_at,
                    AppealText.title,
                    AppealText.body,
                    Case.id,
                    Reply.body,
                )
                .join(AppealText, AppealText.appeal_id == Appeal.id)
                .join(Case, Case.id == Appeal.id)
                .outerjoin(Reply, Reply.case_id == Case.id)
            )
        }
    for row in rows:
        there = kept[row["id"], " ".join(row["title"].split())]
        assert "".join(there[3].split()) == "".join(row["body"].split())
        assert f"{there.occurred_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" == row["created_at"]
    for row in rows[:: len(rows) // 20]:
        case_id = kept[row["id"], " ".join(row["title"].split())].id
        assert case_id in found(database, max(re.findall("[\u4e00-\u9fff]+", row["title"]), key=len))
