"""What the public reads of cases: the list, its filters and search, in three languages, cheaply."""

import itertools
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from flask import Flask

from portal.publishing.models import PublicCount
from tests.cast import NOW, City
from tests.client import Client, Page
from tests.published import publish
from tests.statements import counted


@pytest.fixture
def filled(app: Flask, city: City) -> Flask:
    with app.extensions["portal_database"].transaction() as db:
        publish(db, city, "B26-00001")
        publish(
            db,
            city,
            "B26-00002",
            title="滨河东路积水，公交改道没人通知",
            mechanism="",
            unit_id=city.unit("roads"),
            unit_name="市交通运输局",
            category_id=city.category("traffic"),
            area_id=city.area("west"),
            tier="first_ask",
            outcome="explained",
            received_on=date(2026, 3, 2),
            closed_at=NOW - timedelta(days=70),
            askers=1,
            rated=0,
            satisfied=0,
        )
        publish(
            db,
            city,
            "B26-00003",
            title="电梯井占用消防通道",
            state="handling",
            outcome="open",
            closed_at=None,
            answered_on=None,
            due_day=date(2026, 6, 10),
            tier="joint",
            workdays_used=None,
        )
    return app


def refs(page: Page) -> list[str]:
    return [
        a.get("href").removeprefix("/cases/")
        for a in page.all("a")
        if (a.get("href") or "").startswith("/cases/B")
    ]


def test_everybody_sees_the_published_cases_newest_first(filled: Flask, client: Client) -> None:
    page = client.get("/cases")
    assert page.status == 200
    assert refs(page) == ["B26-00003", "B26-00002", "B26-00001"]
    assert "3 件" in page.text
    assert "已解决" in page.text
    assert "14 人评价，12 人满意" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unit=roads", ["B26-00002"]),
        ("unit=ROADS", ["B26-00002"]),
        ("category=traffic", ["B26-00002"]),
        ("area=east", ["B26-00003", "B26-00001"]),
        ("tier=joint", ["B26-00003"]),
        ("outcome=solved", ["B26-00001"]),
        ("outcome=open", ["B26-00003"]),
        ("outcome=overdue", ["B26-00003"]),
        ("outcome=overdue&unit=roads", []),
        ("outcome=solved&unit=housing&area=east", ["B26-00001"]),
        ("outcome=solved&unit=roads", []),
        ("from=2026-05-01", ["B26-00003", "B26-00001"]),
        ("to=2026-05-01", ["B26-00002"]),
        ("from=2026-03-02&to=2026-03-02", ["B26-00002"]),
        ("sort=closed", ["B26-00001", "B26-00002"]),
        ("sort=closed&tier=first_ask", ["B26-00002"]),
        ("unit=nobody", []),
        (f"q={quote('电梯')}", ["B26-00003", "B26-00001"]),
        (f"q={quote('電梯')}", ["B26-00003", "B26-00001"]),
        (f"q={quote('电梯')}&outcome=solved", ["B26-00001"]),
        (f"q={quote('电梯')}&sort=closed", ["B26-00001"]),
        (f"q={quote('电梯 消防')}", ["B26-00003"]),
        ("q=b26-00002", ["B26-00002"]),
        (f"q={quote('没有这个词')}", []),
    ],
)
def test_the_list_can_be_narrowed(filled: Flask, client: Client, query: str, found: list[str]) -> None:
    page = client.get(f"/cases?{query}")
    assert refs(page) == found
    if not found:
        assert "没有符合条件的公开办件" in page.text


def test_one_character_is_left_out_and_that_is_said(filled: Flask, client: Client) -> None:
    page = client.get(f"/cases?q={quote('梯')}")
    assert len(refs(page)) == 3
    assert "太短" in page.text


def test_what_was_chosen_can_be_taken_away_again(filled: Flask, client: Client) -> None:
    page = client.get(f"/cases?q={quote('电梯')}&outcome=solved&sort=closed")
    chips = {label: url for label, url in page.links().items() if "去掉" in label}
    assert chips["关键词：电梯去掉这个条件"] == "/cases?outcome=solved&sort=closed"
    assert page.links()["全部清除"] == "/cases"
    assert page.by_id("site-q").get("value") == "电梯"


@pytest.mark.parametrize(
    "query",
    [
        "outcome=closed&tier=x&sort=1;drop",
        "after=-1",
        "after=1e9",
        "after=99999999999999999999999",
        "sort=closed&after=9007199254740992-9007199254740992",
        "from=0001-01-01&to=9999-12-31",
        "from=2026-06-18&to=2026-01-01",
        "q=%00%ff%ed%a0%80",
        "q=%22%20OR%20NEAR(a,b)%20*%20-%20^%20:",
        "q=" + quote("'; DROP TABLE published_case; --"),
        "q=" + quote("水" * 400),
        "q=xunit2",
        "unit=%F0%9F%92%A5&category[]=1&area=" + "9" * 300,
        "q=a&q=b&q=c",
        "lang=xx&q=%E4%BD",
    ],
)
def test_hostile_addresses_show_a_page(filled: Flask, client: Client, query: str) -> None:
    assert client.get(f"/cases?{query}").status == 200


def test_an_empty_city_says_why_and_what_to_do(client: Client) -> None:
    page = client.get("/cases")
    assert "还没有公开的办件" in page.text
    assert page.links()["提诉求"] == "/appeals/new"


def test_a_long_list_is_turned_by_its_last_row(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        for number in range(1, 46):
            closed = NOW - timedelta(days=number % 7)
            publish(db, city, f"B26-{number:05d}", closed_at=closed)
    for query in ("", "?unit=housing", f"?q={quote('电梯')}", "?sort=closed", "?unit=housing&sort=closed"):
        seen: list[str] = []
        page = client.get(f"/cases{query}")
        assert "45 件" in page.text
        while True:
            assert len(refs(page)) <= 20
            seen += refs(page)
            following = page.links().get("更早的办件")
            if following is None:
                break
            page = client.get(following)
            assert "45 件" in page.text
        assert len(seen) == 45, query
        assert len(set(seen)) == 45, query
        assert page.links()["回到第一页"] == f"/cases{query}"


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_the_list_reads_in_every_language_and_marks_what_is_in_another(filled: Flask, lang: str) -> None:
    page = Client(filled, lang).get("/cases")
    marked = {a.get("lang") for a in page.all("a") if (a.get("href") or "").startswith("/cases/B")}
    assert marked == ({None} if lang == "zh_Hans" else {"zh-Hans"})
    assert {"zh_Hans": "3 件", "zh_Hant": "3 件", "en": "3 cases"}[lang] in page.text


def test_htmx_gets_the_results_alone(filled: Flask, client: Client) -> None:
    page = client.get("/cases?q=&unit=roads&to=", headers={"HX-Request": "true", "HX-Target": "results"})
    assert page.headers["HX-Push-Url"] == "/cases?unit=roads"
    assert page.html.lstrip().startswith('<section id="results"')
    assert "B26-00002" in page.html


@pytest.mark.parametrize(
    "path", ["/cases", "/cases?unit=roads&outcome=solved", f"/cases?q={quote('电梯')}", "/cases?sort=closed"]
)
def test_a_list_takes_few_statements(filled: Flask, client: Client, path: str) -> None:
    client.get("/cases?tier=joint&sort=closed")  # the first visitor has the lists of units read
    with counted(filled) as statements:
        client.get(path)
    assert len([found for found in statements if "pg_current_snapshot" not in found]) <= 2, statements


def test_the_number_of_an_appeal_leads_on_to_following_it(filled: Flask, client: Client) -> None:
    page = client.get("/cases?q=s26000123")
    assert page.links()["凭查询码查进度"] == "/appeals/track?receipt=S26-000123"


def test_a_case_is_found_by_its_number_however_it_is_typed(filled: Flask, client: Client) -> None:
    for typed in ("b26-2", "B2600002", "b26%20002"):
        assert "/cases/B26-00002" in client.get(f"/cases?q={typed}").links().values(), typed


def test_a_list_says_what_the_front_page_counts_beyond_it(filled: Flask, client: Client) -> None:
    with filled.extensions["portal_database"].transaction() as db:
        db.merge(PublicCount(name="solved", value=900))
    assert "首页统计 900 件" in client.get("/cases?outcome=solved").text
    assert "首页统计" not in client.get("/cases?outcome=solved&q=" + quote("电梯")).text


PUBLIC_PAGES = (
    "/cases",
    "/cases?q=%E7%94%B5%E6%A2%AF&outcome=overdue",
    "/cases?sort=closed&area=east",
    "/cases/B26-00001",
    "/cases/B26-00001/versions",
    "/",
    "/units/",
    "/units/housing",
)
INSIDE = (
    *("case", "appeal", "appeal_text", "appeal_contact", "case_text", "case_link", "case_history"),
    *("case_mechanism", "reply", "note", "assignment", "objection", "extension", "rating", "attachment"),
    *("asker_question", "clock", "release", "person", "appointment", "case_search"),
)


def tables(statement: str) -> set[str]:
    """The tables a statement reads."""
    words = re.sub(r'[(),"]', " ", statement.lower()).split()
    return {after for word, after in itertools.pairwise(words) if word in ("from", "join", "into", "update")}


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_no_public_page_reads_the_tables_of_cases(filled: Flask, client: Client, path: str) -> None:
    with counted(filled) as statements:
        assert client.get(path).status == 200
    assert statements
    for statement in statements:
        assert not tables(statement) & set(INSIDE), statement


def test_the_guard_sees_a_planted_read() -> None:
    assert tables('SELECT x FROM published_case p JOIN "case" c ON c.id = p.case_id') & set(INSIDE)


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_is_kept_for_everybody_and_answered_304(filled: Flask, path: str) -> None:
    browser = filled.test_client()
    first = browser.get(path)
    assert "public" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    with counted(filled) as statements:
        again = browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not statements


@pytest.mark.parametrize("cookie", ["lang=en x", 'lang="en', 'lang="en\\054"'])
def test_nobody_leaves_a_page_in_another_language_than_it_is_kept_under(app: Flask, cookie: str) -> None:
    spoiler, reader = app.test_client(use_cookies=False), app.test_client(use_cookies=False)
    headers = {"Cookie": cookie, "Accept-Language": "zh-TW"}
    spoiler.get("/cases", headers=headers)
    page = reader.get("/cases", headers={"Cookie": "lang=en"}).get_data(as_text=True)
    assert '<html lang="en"' in page
