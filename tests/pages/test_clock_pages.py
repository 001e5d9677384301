"""The administrator's pages of the clock: the official calendar, the limits, dates counted anew."""

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.administration.queries.calendar import holidays
from portal.cases.history import HistoryEntry
from portal.cases.models import Case
from portal.deadlines.models import CalendarDay, CalendarYear, OwnLimit
from portal.deadlines.queries import load_calendar
from portal.deadlines.service import set_own_day
from portal.identity.actors import SYSTEM
from portal.kernel import clock
from portal.kernel.db import Database
from portal.kernel.workdays import default_calendar, default_names
from tests.builders import an_appeal
from tests.cast import ZONE, City
from tests.client import Client, Page
from tests.statements import counted

CALENDAR, LIMITS, HELP = (
    "/desk/admin/calendar",
    "/desk/admin/limits",
    "/desk/admin/limits/result.help.any.any",
)
YEAR = 2031
TABLE = f"""date,name,is_off_day
{YEAR}-01-01,元旦,1
{YEAR}-01-04,元旦调休,0
{YEAR}-10-01,国庆节,1
{YEAR}-10-02,国庆节,1
"""


@pytest.fixture
def an(client: Client, city: City) -> Client:
    """An, the administrator, at her desk."""
    client.lang = "en"
    return client.sign_in(city.person("an"))


@pytest.fixture
def base(app: Flask) -> Database:
    found: Database = app.extensions["portal_database"]
    return found


def send(client: Client, text: str, **values: object) -> Page:
    file = (io.BytesIO(text.encode()), "days.csv")
    return client.submit(client.get(CALENDAR), CALENDAR, file=file, **values)


@pytest.mark.parametrize("key", ["mei", "su", "hou", "lin", "ke", "ji"])
@pytest.mark.parametrize("path", [CALENDAR, f"{CALENDAR}/2026", f"{CALENDAR}/count", LIMITS, HELP])
def test_nobody_but_an_administrator_sees_the_clock_pages(
    client: Client, city: City, key: str, path: str
) -> None:
    assert client.sign_in(city.person(key)).get(path).status == 403


@pytest.mark.parametrize("path", [CALENDAR, f"{CALENDAR}/days", f"{CALENDAR}/count", HELP])
def test_nobody_but_an_administrator_changes_the_clock(client: Client, city: City, path: str) -> None:
    moderator = client.sign_in(city.person("mei"))
    page = moderator.get("/desk/")
    token = next(form.fields["csrf_token"] for form in page.forms() if "csrf_token" in form.fields)
    assert moderator.post(path, {"csrf_token": token}).status == 403


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_the_pages_are_there_in_every_language(an: Client, lang: str) -> None:
    an.lang = lang
    for path in (CALENDAR, f"{CALENDAR}/2026", f"{CALENDAR}/count", LIMITS, HELP):
        assert an.get(path).status == 200


def test_a_year_shows_its_holidays_as_they_were_announced_and_the_days_worked_for_them(an: Client) -> None:
    text = an.get(f"{CALENDAR}/2026").text
    assert "15 February 2026 – 23 Feb" in text.replace("\u00a0", " "), text
    assert "Chinese New Year (Spring Festival)" in text
    assert "14 February 2026 Sat" in text
    an.lang = "zh_Hans"
    assert "春节" in an.get(f"{CALENDAR}/2026").text
    assert an.get(f"{CALENDAR}/1999").status == 404


def test_holidays_are_as_long_as_the_notice_says() -> None:
    calendar = default_calendar()
    found = holidays(calendar, calendar.years[2026].days_off, default_names())
    assert [(str(s.first)[5:], s.length, s.names) for s in found] == [
        ("01-01", 3, ("元旦",)),
        ("02-15", 9, ("农历除夕", "春节")),
        ("04-04", 3, ("清明节",)),
        ("05-01", 5, ("劳动节",)),
        ("06-19", 3, ("端午节",)),
        ("09-25", 3, ("中秋节",)),
        ("10-01", 7, ("国庆节",)),
    ]


def test_the_calendar_says_which_years_are_missing(an: Client, base: Database) -> None:
    this_year = clock.local_date(clock.now(), ZONE).year
    with base.reading() as db:
        known = load_calendar(db).knows(this_year + 1)
    text = an.get(CALENDAR).text
    assert (f"{this_year + 1}" in text) and ("Missing" in text or known)
    with counted(base) as statements:
        an.get(CALENDAR)
    assert len(statements) < 12


def test_a_table_is_shown_before_it_counts(an: Client, base: Database) -> None:
    check = send(an, TABLE)
    assert check.status == 200
    assert "Nothing is changed yet." in check.text
    assert f"1 January {YEAR} Wed 元旦 now a working day then a rest day" in check.text
    assert f"4 January {YEAR} Sat 元旦调休 now a rest day then a working day" in check.text
    with base.reading() as db:
        assert db.get(CalendarYear, YEAR) is None
    done = an.submit(check, "/calendar/days")
    assert "Loaded." in done.text
    with base.reading() as db:
        assert load_calendar(db).knows(YEAR)
        assert not load_calendar(db).is_workday(date(YEAR, 10, 2))
        assert db.get_one(CalendarDay, date(YEAR, 10, 1)).name == "国庆节"
    year = an.get(f"{CALENDAR}/{YEAR}").text
    assert "国庆节" in year
    assert "Table of the year loaded" in year
    assert "安宁" in year
    again = send(an, TABLE)
    assert "stored just so already" in again.text
    assert "None: every day counts as it does now." in again.text


def test_a_draft_is_kept_and_does_not_count(an: Client, base: Database) -> None:
    an.submit(send(an, TABLE, complete=None), "/calendar/days")
    with base.reading() as db:
        assert not load_calendar(db).knows(YEAR)
    assert "some of its days are here and do not count yet" in an.get(CALENDAR).text
    assert "Does not count yet" in an.get(f"{CALENDAR}/{YEAR}").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,is_off_day\n2031-13-01,1\n", "Line 2"),
        ("date,is_off_day\n2031-01-06,0\n", "is a weekday"),
        ("date,is_off_day\n0001-01-01,1\n", "is not a date"),
        ("name\nx\n", "date"),
        ("", "empty"),
        ("date,is_off_day\n" + "2031-01-01,1\n" * 20000, "larger than 200"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_in_words(
    an: Client, base: Database, text: str, said: str
) -> None:
    page = send(an, text)
    assert page.status == 422
    assert said in page.text
    with base.reading() as db:
        assert db.scalars(select(CalendarDay)).all() == []


def test_nothing_sent_is_said(an: Client) -> None:
    page = an.submit(an.get(CALENDAR), CALENDAR)
    assert page.status == 422
    assert "Choose a file." in page.text


def test_a_table_is_looked_at_again_when_the_calendar_changed_meanwhile(an: Client, base: Database) -> None:
    check = send(an, TABLE)
    with base.transaction() as db:
        set_own_day(db, clock.now(), SYSTEM, date(YEAR, 10, 2), worked=False)
    page = an.submit(check, "/calendar/days")
    assert page.status == 409
    assert "The calendar has changed meanwhile" in page.text
    assert "Loaded." in an.submit(page, "/calendar/days").text


def test_a_forged_table_loads_nothing(an: Client, base: Database) -> None:
    check = send(an, TABLE)
    for table in ("date,is_off_day\nsoon,1\n", "nonsense", TABLE.replace("01-01", "03-03")):
        an.submit(check, "/calendar/days", table=table)
    with base.reading() as db:
        assert db.scalars(select(CalendarDay)).all() == []


def test_dates_are_counted_anew_after_they_were_shown(an: Client, base: Database) -> None:
    with base.transaction() as db:
        filed = an_appeal(db, now=clock.now())
        before = db.get_one(Case, filed.case_id).due_day
        assert before is not None
        set_own_day(db, clock.now(), SYSTEM, before, worked=False)
    page = an.get(f"{CALENDAR}/count")
    assert "1 date would move." in page.text
    assert filed.ref in page.text
    refused = an.submit(page, "/calendar/count")
    assert refused.status == 422
    with base.reading() as db:
        assert db.get_one(Case, filed.case_id).due_day == before
    done = an.submit(refused, "/calendar/count", reason="市里当天放假")
    assert "Counted anew: 1 date moved." in done.text
    assert "Every date is what the calendar gives" in done.text
    assert "市里当天放假" in done.text
    with base.reading() as db:
        after = db.get_one(Case, filed.case_id).due_day
        assert after is not None
        assert after > before
        assert db.scalars(select(HistoryEntry.act).where(HistoryEntry.act == "due_changed")).all() == [
            "due_changed"
        ]


def test_what_was_not_shown_is_not_done(an: Client, base: Database) -> None:
    with base.transaction() as db:
        filed = an_appeal(db, now=clock.now())
        before = db.get_one(Case, filed.case_id).due_day
        assert before is not None
        set_own_day(db, clock.now(), SYSTEM, before, worked=False)
    page = an.get(f"{CALENDAR}/count")
    with base.transaction() as db:
        an_appeal(db, now=clock.now() - timedelta(days=1))
        set_own_day(db, clock.now(), SYSTEM, before - timedelta(days=1), worked=False)
    again = an.submit(page, "/calendar/count", reason="放假")
    assert again.status == 409
    assert "What would move has changed meanwhile" in again.text


def test_every_limit_is_listed_with_its_ground(an: Client, base: Database) -> None:
    page = an.get(LIMITS)
    assert "Answer Escalated" in page.text
    assert "15 days" in page.text
    assert page.text.count("Default") >= 19
    with counted(base) as statements:
        an.get(LIMITS)
    assert len(statements) < 10


def test_a_limit_is_changed_with_a_reason_and_the_old_one_stays_to_be_seen(
    an: Client, base: Database
) -> None:
    page = an.get(HELP)
    assert "10 working days" in page.text
    missing = an.submit(page, HELP, amount="8")
    assert missing.status == 422
    with base.reading() as db:
        assert db.scalars(select(OwnLimit)).all() == []
    done = an.submit(missing, HELP, amount="8", reason="市政府第 12 号令")
    assert "Saved." in done.text
    assert "8 working days in force" in done.text
    assert "10 working days before" in done.text
    assert "市政府第 12 号令" in an.get(LIMITS).text
    back = an.submit(done, HELP, default="y", reason="恢复")
    assert "the default in force" in back.text
    assert "8 working days before" in back.text
    assert "市政府第 12 号令" in back.text


def test_a_limit_can_be_planned(an: Client) -> None:
    day = clock.local_date(clock.now(), ZONE) + timedelta(days=30)
    done = an.submit(an.get(HELP), HELP, amount="8", starts_on=day.isoformat(), reason="新规")
    assert "8 working days planned" in done.text
    assert "10 working days in force" in done.text
    assert "8 working days" in an.get(LIMITS).text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"starts_on": "2020-01-01", "reason": "新规"}, "This day is over"),
        ({"amount": "300", "reason": "新规"}, "At most 250."),
        ({"amount": "", "reason": "新规"}, "Say how long"),
        ({"amount": "0", "reason": "新规"}, "0"),
        ({"unit": "weeks", "reason": "新规"}, "Not a valid choice"),
        ({"remind_before": "99", "reason": "新规"}, "At most 30."),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(
    an: Client, base: Database, values: dict[str, str], said: str
) -> None:
    page = an.submit(an.get(HELP), HELP, **values)
    assert page.status == 422
    assert said in page.text
    with base.reading() as db:
        assert db.scalars(select(OwnLimit)).all() == []


@pytest.mark.parametrize("key", ["result", "result.help.any", "lunch.any.any.any", "result.help.any.any.any"])
def test_there_is_no_page_for_a_limit_that_is_not(an: Client, key: str) -> None:
    assert an.get(f"{LIMITS}/{key}").status == 404
