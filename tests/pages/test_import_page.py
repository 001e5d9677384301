"""Importing by page: a table is sent, checked, looked at, and only then taken in; it survives a kill."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.cases.models import Appeal, Case
from portal.intake.importing import job
from portal.intake.importing.models import ImportPart, ImportRefusal, ImportRun
from portal.intake.service import imports
from portal.kernel import clock, jobs
from portal.kernel.db import Database
from tests.cast import City
from tests.client import Client, Page
from tests.statements import counted

HEAD = "id,title,body,created_at,likes,extra\n"
TABLE = (
    HEAD
    + "1,路灯坏了,三号楼前很黑,2019-04-24,3,x\n"
    + "2,井盖不见了,,昨天,1,x\n"
    + "3,漏水,楼顶漏水,2019-04-25,0,x\n"
)


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["portal_database"]
    return found


@pytest.fixture
def mei(app: Flask, city: City) -> Client:
    return Client(app, lang="en").sign_in(city.person("mei"))


def send(client: Client, text: str = TABLE, name: str = "letters.csv", **values: object) -> Page:
    page = client.get("/desk/import")
    return client.submit(
        page, "/desk/import", file=(io.BytesIO(text.encode()), name), **({"channel": "4"} | values)
    )


def work(database: Database, turns: int = 20) -> None:
    """Let the timetable do what is to be done."""
    now = clock.now() + timedelta(minutes=2)
    for turn in range(turns):
        if job.turn(database, now + timedelta(seconds=turn)) != jobs.AGAIN:
            return


def count(database: Database, model: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_a_table_is_checked_looked_at_and_taken_in(mei: Client, database: Database) -> None:
    page = send(mei)
    assert page.heading == "Import of letters.csv"
    assert "Being checked" in page.text
    work(database)
    page = mei.get(page.path)
    assert "Checked; waits for you" in page.text
    assert "Would come in 2 as history" in page.text
    assert "extra" in page.text
    assert "Line Why 3 Column created_at: this date cannot be read." in page.text
    assert "昨天" not in page.text
    assert count(database, Appeal) == 0
    page = mei.submit(page, "/start")
    assert "Being taken in" in page.text
    work(database)
    page = mei.get(page.path)
    assert "Taken in" in page.text
    assert "Came in 2 as history" in page.text
    assert page.links()["To the cases of this channel"] == "/desk/cases?channel=history&state=any"
    assert "路灯坏了" in mei.get(page.links()["To the cases of this channel"]).text
    assert count(database, Appeal) == 2
    assert count(database, ImportPart) == 0, "the file goes when it is over"
    with database.reading() as db:
        assert db.scalars(select(ImportRun)).one().wrapped is None


def test_the_same_table_again_is_known_and_there_is_nothing_to_take_in(
    mei: Client, database: Database
) -> None:
    page = send(mei)
    work(database)
    mei.submit(mei.get(page.path), "/start")
    work(database)
    page = send(mei)
    work(database)
    page = mei.get(page.path)
    assert "Would come in 0" in page.text
    assert "Known already 2" in page.text
    assert not any("/start" in form.action for form in page.forms())


def test_what_was_checked_can_be_thrown_away(mei: Client, database: Database) -> None:
    page = send(mei)
    work(database)
    page = mei.submit(mei.get(page.path), "/drop")
    assert "Thrown away" in page.text
    assert count(database, ImportPart) == count(database, Appeal) == 0


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("a,b\n1,2\n", "a.csv", "the header lacks"),
        ("", "a.csv", "The file is empty"),
        ("PK\x03\x04", "a.xlsx", "This is no readable XLSX file"),
    ],
)
def test_a_file_that_is_no_such_table_is_said_at_once(
    mei: Client, database: Database, text: str, name: str, words: str
) -> None:
    page = send(mei, text, name)
    assert page.status == 422
    assert words in page.text
    assert count(database, ImportRun) == 0


def test_no_file_a_large_one_and_a_foreign_channel_are_refused(
    mei: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = mei.submit(mei.get("/desk/import"), "/desk/import", channel="4")
    assert "Choose a file." in page.text
    assert send(mei, channel="99").status == 422
    monkeypatch.setattr(imports, "LARGEST_MB", 0)
    assert "is larger than 0 MB" in send(mei).text
    assert count(database, ImportRun) == 0


def test_a_map_is_chosen_and_appeals_may_be_opened(mei: Client, database: Database) -> None:
    page = send(mei, map="hotline-12345")
    assert "By the map “hotline-12345” the header lacks" in page.text
    page = send(mei, as_new="y", map="board-votes")
    work(database)
    page = mei.get(page.path)
    assert "as new cases" in page.text
    mei.submit(page, "/start")
    work(database)
    with database.reading() as db:
        assert set(db.scalars(select(Case.is_history))) == {False}
        assert set(db.scalars(select(Appeal.filed_by_id))) == {1}


def many(rows: int) -> str:
    return HEAD + "".join(f"{n},第{n}件,{'内容' * 40}{n},2019-04-24,1,\n" for n in range(rows))


def test_an_import_takes_turns_and_goes_on_after_a_kill(
    mei: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = send(mei, many(230) + "x,,,昨天,,\n")
    work(database)
    mei.submit(mei.get(page.path), "/start")
    monkeypatch.setattr(job, "TURN", 0.0)
    now = clock.now() + timedelta(minutes=2)
    assert job.turn(database, now) == jobs.AGAIN
    assert count(database, Appeal) == job.BATCH
    assert "50 of 231 rows" in mei.get(page.path).text
    job._live.clear()  # as a kill leaves it
    assert job.turn(database, now) == jobs.AGAIN
    assert count(database, Appeal) == 2 * job.BATCH
    work(database)
    page = mei.get(page.path)
    assert "Came in 230" in page.text
    assert "Known already 0" in page.text
    assert "Not taken in 1" in page.text
    assert count(database, Appeal) == 230
    assert count(database, ImportRefusal) == 1


def test_rows_that_are_all_refused_take_turns_too(
    mei: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch is so many rows, not so many good ones: otherwise nothing else runs until a good one comes."""
    page = send(mei, HEAD + "x,,,,,\n" * 1000 + '"a"b,,,,,\n' * 200 + many(60).removeprefix(HEAD))
    monkeypatch.setattr(job, "TURN", 0.0)
    assert job.turn(database, clock.now()) == jobs.AGAIN
    assert only_run(database).rows == job.BATCH_CHECKED
    work(database)
    assert "Would come in 60" in mei.get(page.path).text
    mei.submit(mei.get(page.path), "/start")
    assert job.turn(database, clock.now()) == jobs.AGAIN
    assert only_run(database).rows == job.BATCH
    job._live.clear()  # as a kill leaves it
    work(database, turns=60)
    page = mei.get(page.path)
    assert "Came in 60" in page.text
    assert "Not taken in 1,200" in page.text
    assert count(database, ImportRefusal) == job.MOST_REFUSALS


def only_run(database: Database) -> ImportRun:
    with database.reading() as db:
        return db.scalars(select(ImportRun)).one()


def test_a_check_that_was_killed_begins_anew(
    mei: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = send(mei, HEAD + "x,,,,,\n" + many(900).removeprefix(HEAD))
    monkeypatch.setattr(job, "TURN", 0.0)
    assert job.turn(database, clock.now()) == jobs.AGAIN
    job._live.clear()
    work(database)
    page = mei.get(page.path)
    assert "Would come in 900" in page.text
    assert count(database, ImportRefusal) == 1


def test_stopping_keeps_what_is_in(mei: Client, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    page = send(mei, many(200))
    work(database)
    mei.submit(mei.get(page.path), "/start")
    monkeypatch.setattr(job, "TURN", 0.0)
    job.turn(database, clock.now())
    page = mei.submit(mei.get(page.path), "/drop")
    assert "Thrown away" in page.text
    work(database)
    assert count(database, Appeal) == job.BATCH
    assert count(database, ImportPart) == 0


def test_whoever_may_import_no_more_does_not_by_an_old_order(
    mei: Client, database: Database, city: City
) -> None:
    page = send(mei)
    with database.transaction() as db:
        db.execute(update(ImportRun).values(made_by_id=city.person("lin")))
    work(database)
    page = mei.get(page.path)
    assert "This table cannot be imported" in page.text
    assert "Your appointment does not allow this." in page.text
    assert count(database, Appeal) == 0


def test_tables_that_nobody_comes_back_to_are_thrown_away(mei: Client, database: Database) -> None:
    page = send(mei)
    work(database)
    job.turn(database, clock.now() + imports.FORGOTTEN + timedelta(hours=1))
    assert "Thrown away" in mei.get(page.path).text
    assert count(database, ImportPart) == 0


def test_others_may_not(app: Flask, city: City, mei: Client, database: Database) -> None:
    page = send(mei)
    for who in ("lin", "su", "an"):
        client = Client(app).sign_in(city.person(who))
        for path in ("/desk/import", page.path):
            assert client.get(path).status == 403, who
        assert client.post(f"{page.path}/start").status in (400, 403), who
    assert "sign-in" in Client(app).get("/desk/import", follow=False).location
    assert mei.get("/desk/import/99").status == 404


def test_the_pages_ask_few_statements(mei: Client, app: Flask, database: Database) -> None:
    for _ in range(5):
        page = send(mei)
    work(database)
    for path in ("/desk/import", page.path):
        with counted(app) as statements:
            mei.get(path)
        assert len(statements) <= 7, statements


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_the_pages_are_whole_in_every_language(app: Flask, city: City, lang: str, database: Database) -> None:
    client = Client(app, lang).sign_in(city.person("mei"))
    page = send(client)
    client.get(page.path)
    work(database)
    client.get(page.path)


def test_the_region_asks_again_while_it_goes_on_and_no_longer(mei: Client, database: Database) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "progress"}
    page = send(mei)
    region = mei.get(page.path, headers=htmx)
    assert not region.is_document
    assert region.html.strip().startswith('<div id="progress" hx-get="/desk/import/')
    work(database)
    region = mei.get(page.path, headers=htmx)
    assert region.html.strip().startswith('<div id="progress">')
    assert "Checked; waits for you" in region.text
    stranger = Client(mei.app).get(page.path, headers=htmx)
    assert "/account/sign-in" in stranger.headers["HX-Redirect"]
