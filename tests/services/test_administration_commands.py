"""The operator's commands: people let in by a link, trees and the calendar from tables, errors by line."""

import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal import cli
from portal.cases.models import Category, Channel
from portal.deadlines.queries import load_calendar
from portal.identity import signing_in
from portal.identity.models import Appointment, Area, Person, Unit
from portal.kernel import clock
from portal.kernel.db import Database
from portal.kernel.errors import PortalError
from tests.cast import City


@pytest.fixture(autouse=True)
def environment(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)
    monkeypatch.setenv("PORTAL_BASE_URL", "https://lounge.example")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "a secret key for tests only")
    monkeypatch.setenv("PORTAL_CODE_KEY", "a code key for tests only")
    monkeypatch.setenv("PORTAL_DATA_KEYS", "YSBrZXkgZm9yIHRlc3RzIQ==")
    monkeypatch.delenv("PORTAL_DEMO", raising=False)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli.portal, arguments)
    if result.exception and not isinstance(result.exception, SystemExit | PortalError):
        raise result.exception
    return result


def table(folder: Path, text: str, encoding: str = "utf-8") -> str:
    file = folder / "table.csv"
    file.write_text(text, encoding=encoding)
    return str(file)


def codes(database: Database, model: type[Unit] | type[Area] | type[Category] | type[Channel]) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(model.code).order_by(model.code)))


def test_a_new_official_gets_in_by_the_printed_link(database: Database) -> None:
    result = run(
        "user", "add", "欧阳静", "--phone", "139 0000 1234", "--role", "official", "--unit", "housing"
    )
    assert result.exit_code == 0
    address, _, token = result.stdout.strip().rpartition("/")
    assert address == "https://lounge.example/account/welcome"
    with database.transaction() as db:
        signing_in.use_link(db, clock.now(), token, "一句好记的话 long enough")
    with database.reading() as db:
        known = signing_in.find(db, "13900001234")
        assert known is not None
        held = db.scalars(select(Appointment).where(Appointment.person_id == known.person_id)).one()
        assert (held.role, held.unit_id) == ("official", City().unit("housing"))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--phone", "13900001234", "--role", "official"], 2, "add --unit CODE"),
        (["--role", "administrator"], 2, "--staff-number"),
        (["--phone", "13900001234", "--role", "king"], 2, "king"),
        (["--phone", "13900001234", "--role", "official", "--unit", "hosing"], 1, "near it: housing"),
        (["--staff-number", "2002", "--role", "host"], 1, "Somebody else already signs in with this."),
    ],
)
def test_a_person_that_cannot_be_added_is_refused_in_words(
    database: Database, arguments: list[str], code: int, words: str
) -> None:
    result = run("user", "add", "新人", *arguments)
    assert result.exit_code == code
    assert words in (str(result.exception) if code == 1 else result.stderr)
    with database.reading() as db:
        assert db.scalar(select(Person.id).where(Person.name == "新人")) is None


@pytest.mark.parametrize("typed", ["2002", "林工"])
def test_a_new_link_is_given_by_number_or_by_name(database: Database, city: City, typed: str) -> None:
    token = run("user", "link", typed).stdout.strip().rpartition("/")[2]
    with database.reading() as db:
        owner = signing_in.link_owner(db, clock.now(), token)
        assert owner is not None
        assert owner.id == city.person("lin")


def test_two_people_of_one_name_are_told_apart_by_their_numbers() -> None:
    run("user", "add", "林工", "--staff-number", "9001", "--role", "host")
    result = run("user", "link", "林工")
    assert result.exit_code == 1
    assert "Give one of these instead: 2002, 9001" in str(result.exception)
    assert "is called “谁”" in str(run("user", "link", "谁").exception)


def test_an_error_is_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["portal", "user", "link", "谁"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        "portal: Nobody with an account in use is called “谁” or signs in with it."
    ]


UNITS = """代码,名称,简称,上级,是否承办
pipes,市管网中心,管网中心,works,是
works,市市政工程处,市政处,roads,否
roads,市交通运输局,交通局,,是
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_units_come_in_any_order_and_twice_changes_nothing(
    database: Database, tmp_path: Path, encoding: str
) -> None:
    file = table(tmp_path, UNITS, encoding)
    assert run("unit", "import", file).stdout == "added 2, known 0, changed 1, refused 0\n"
    assert run("unit", "import", file).stdout == "added 0, known 3, changed 0, refused 0\n"
    with database.reading() as db:
        by_code = {unit.code: unit for unit in db.scalars(select(Unit))}
        assert by_code["pipes"].parent_id == by_code["works"].id
        assert by_code["works"].handles_cases is False
        assert by_code["roads"].short_name == "交通局"


def test_a_dry_run_says_the_same_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    before = codes(database, Unit)
    result = run("unit", "import", table(tmp_path, UNITS), "--dry-run")
    assert result.stdout == "added 2, known 0, changed 1, refused 0\n"
    assert "nothing was changed" in result.stderr
    assert codes(database, Unit) == before


def test_bad_rows_are_told_by_line_and_good_ones_kept(database: Database, tmp_path: Path) -> None:
    rows = (
        "code,name,parent,handles_cases,sort",
        "good,好单位,,,",
        "bad one,空格,,,",
        "lost,没有上级,nowhere,,",
        "a,甲,b,,",
        "b,乙,a,,",
        "good,又一次,,,",
        "c,丙,,maybe,",
        "d,丁,,,first",
        "e,戊,,,,surplus",
        "f,,,,",
        "roads,市交通运输局,roads,,",
    )
    result = run("unit", "import", table(tmp_path, "\n".join(rows)))
    assert result.exit_code == 1
    assert result.stdout == "added 1, known 0, changed 0, refused 10\n"
    told = [line.split(":")[1] for line in result.stderr.splitlines()]
    assert told == ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert "good" in codes(database, Unit)


def test_a_wrong_header_is_explained(tmp_path: Path) -> None:
    result = run("unit", "import", table(tmp_path, "单位,名字\nA,甲\n"))
    assert result.exit_code == 1
    assert "The header lacks code, name. It has: 单位, 名字." in str(result.exception)


def test_a_file_without_a_column_leaves_what_is_stored(
    database: Database, tmp_path: Path, city: City
) -> None:
    run("unit", "import", table(tmp_path, "code,name\nwater,市排水管理处\n"))
    with database.reading() as db:
        assert db.get_one(Unit, city.unit("water")).parent_id == city.unit("housing")


def test_areas_categories_and_channels_come_in_the_same_way(database: Database, tmp_path: Path) -> None:
    areas = table(tmp_path, "code,name,parent\nriver,河东街道,east\neast,东澜区,\n")
    assert run("area", "import", areas).stdout.startswith("added 1, known 1,")
    categories = table(tmp_path, "code,name,active\nwater,供水排水,是\ntraffic,交通出行,否\n")
    assert run("category", "import", categories).stdout.startswith("added 1, known 0, changed 1,")
    channels = table(tmp_path, "code,name,kind,staff_only\nwechat,微信,online,否\nfax,传真,telex,是\n")
    assert run("channel", "import", channels).stdout == "added 1, known 0, changed 0, refused 1\n"
    assert "river" in codes(database, Area)
    assert "wechat" in codes(database, Channel)
    with database.reading() as db:
        assert db.scalar(select(Category.active).where(Category.code == "traffic")) is False


CALENDAR = """date,name,is_off_day,source
2027-12-31,元旦,1,x
2028-01-01,元旦,1,x
2028-01-29,春节,0,x
2028-10-01,国庆节,1,x
2028-10-02,国庆节,1,x
"""


def test_a_published_calendar_counts_once_it_is_marked_complete(database: Database, tmp_path: Path) -> None:
    file = table(tmp_path, CALENDAR)
    assert "2028: 3 days off, 1 make-up days (4 added" in run("calendar", "import", file).stdout
    with database.reading() as db:
        assert not load_calendar(db).knows(2028)
    assert "(known); complete" in run("calendar", "import", file, "--complete").stdout
    with database.reading() as db:
        calendar = load_calendar(db)
        assert calendar.knows(2028)
        assert not calendar.knows(2027), "one day is not a year"
        assert calendar.is_workday(date(2028, 1, 29)), "a Saturday that is worked"
        assert not calendar.is_workday(date(2028, 10, 2))


def test_a_calendar_with_a_bad_line_is_not_loaded_at_all(database: Database, tmp_path: Path) -> None:
    rows = "2028-01-01,元旦,1\n2028-10-01,国庆节,1\n2028-13-01,x,1\n2028-01-03,x,0\n2028-10-01,x,0\n2028-10-02,x,?\n"
    result = run("calendar", "import", table(tmp_path, f"date,name,is_off_day\n{rows}"), "--complete")
    assert result.exit_code == 1
    assert [line.split(":")[1] for line in result.stderr.splitlines()] == ["4", "5", "6", "7"]
    with database.reading() as db:
        assert not load_calendar(db).knows(2028)


def test_every_command_explains_itself() -> None:
    for command in (["user", "add"], ["user", "link"], ["unit", "import"], ["calendar", "import"]):
        assert len(run(*command, "--help").stdout.splitlines()) > 8
