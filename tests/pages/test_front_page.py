"""The front page, the units and the portal's own texts, as anybody sees them."""

import pytest
from flask import Flask

from portal.publishing.service import counting
from tests.builders import a_case
from tests.cast import City
from tests.client import Client
from tests.services.test_publishing import released


@pytest.fixture
def solved(app: Flask, city: City) -> str:
    """One solved and published case; its title."""
    with app.extensions["portal_database"].transaction() as db:
        released(db, city, a_case(db, city, "closed"), title="锦帆里小区路灯已修复")
        a_case(db, city, "handling")
    return "锦帆里小区路灯已修复"


@pytest.mark.parametrize(
    ("lang", "word"), [("zh_Hans", "刚刚解决"), ("zh_Hant", "剛剛解決"), ("en", "Just solved")]
)
def test_the_front_page_shows_what_was_solved_in_three_languages(
    app: Flask, solved: str, lang: str, word: str
) -> None:
    page = Client(app, lang).get("/")
    assert word in page.text
    assert solved in page.text
    assert page.links()[solved].startswith("/cases/B26-")


def test_an_empty_city_says_what_to_do(client: Client) -> None:
    assert "提诉求" in client.get("/").text
    assert "还没有公开的已解决办件" in client.get("/").text


def test_the_counters_count_what_is_not_published_too(client: Client, solved: str) -> None:
    page = client.get("/")
    assert "2 收到诉求" in page.text
    assert "1 问题已解决" in page.text


def test_the_front_page_holds_no_cookie_token_or_form_that_posts(client: Client, solved: str) -> None:
    page = client.get("/")
    assert "Set-Cookie" not in page.headers
    assert "csrf" not in page.html
    assert [form.method for form in page.forms()] == ["get"]


def test_a_second_look_is_answered_without_a_body_until_something_changes(
    app: Flask, client: Client, solved: str
) -> None:
    tag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": tag})
    assert (again.status, again.html) == (304, "")
    with app.extensions["portal_database"].transaction() as db:
        counting.count_received(db)
    assert client.get("/", headers={"If-None-Match": tag}).status == 200


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
@pytest.mark.parametrize("name", ["about", "help", "privacy", "accessibility"])
def test_the_portals_own_texts_are_there_in_three_languages(app: Flask, lang: str, name: str) -> None:
    page = Client(app, lang).get(f"/{name}")
    assert page.status == 200
    assert "{city}" not in page.text
    assert len(page.text) > 300


@pytest.mark.parametrize(
    ("lang", "name"), [("zh_Hans", "开放会客厅"), ("zh_Hant", "開放會客廳"), ("en", "Open Lounge")]
)
def test_the_portal_is_called_by_its_name_in_the_readers_language(app: Flask, lang: str, name: str) -> None:
    page = Client(app, lang).get("/about")
    assert page.title.endswith(name)


def test_a_unit_shows_its_duties_record_and_cases(client: Client, solved: str) -> None:
    index = client.get("/units")
    page = client.get(index.links()["市住房和城乡建设局"])
    assert solved in page.text
    assert "1 已公开办件" in page.text
    assert "市排水管理处" in page.text, "the unit below"
    assert client.get("/units/no-such-unit").status == 404


def test_robots_stay_out_of_private_pages(client: Client) -> None:
    text = client.get("/robots.txt").response.get_data(as_text=True)
    assert "Disallow: /desk/" in text
    assert "Disallow: /appeals/" in text


def test_a_word_is_said_in_the_language_of_each_reader_in_turn(app: Flask) -> None:
    said = app.jinja_env.from_string("{{ 'company'|term('party_kind') }}")
    words = []
    for lang in ("en", "zh_Hans", "en"):
        with app.test_request_context(f"/?lang={lang}"):
            words.append(said.render())
    assert words == ["Company", "企业", "Company"]
