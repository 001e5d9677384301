"""Every page of the demonstration city in a real browser: nothing wrong for axe, no fault of script or policy,
nothing wider than a phone or than 320 pixels. In roles; the last test holds them to have been everywhere.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, NARROW, PHONE, Server, sideways, sign_in, violations, visitor
from tests.journeys import acts, tour

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROLES = {
    "moderator": "会客厅管理员",
    "official": "承办人",
    "official of another unit": "项少白",
    "unit head": "贺兰舟",
    "supervisor": "督办员",
    "administrator": "施砚秋",
}
DARK = ("/", "/appeals/new", "/cases", "/desk/", "/desk/cases?state=any")


@pytest.fixture(scope="module")
def city(demo_server: Server) -> tour.City:
    return tour.City(demo_server.log.parent)


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def inspector(city: tour.City, page: Page) -> tuple[Callable[[str], None], list[str]]:
    """What looks at a page, and what it finds."""
    found: list[str] = []

    def look(path: str) -> None:
        city.visited.add(city.endpoint(urlsplit(page.url).path))
        found.extend(f"{path}: {wrong}" for wrong in violations(page))
        for size in (PHONE, NARROW, DESKTOP):
            resize(page, size)
            if wider := sideways(page):
                found.append(f"{path}: {wider} pixels wider than {size[0]}")

    return look, found


def inspect(city: tour.City, page: Page, addresses: Iterator[str]) -> list[str]:
    look, found = inspector(city, page)
    tour.walk(page, addresses, look)
    return found


def test_the_public_pages(browser: Browser, demo_server: Server, city: tour.City) -> None:
    with visitor(browser, demo_server) as page:
        found = inspect(city, page, tour.public(city))
    assert not found, "\n".join(found)


def test_the_askers_pages_of_every_state(browser: Browser, demo_server: Server, city: tour.City) -> None:
    with visitor(browser, demo_server) as page:
        look, found = inspector(city, page)
        for state, receipt in sorted(city.receipts().items()):
            page.goto("/appeals/track")
            page.fill("#receipt", receipt)
            page.fill("#code", city.code_of(receipt))
            page.locator("main form button[type=submit]").click()
            page.wait_for_url(f"**/appeals/{receipt}")
            look(f"{page.url} ({state})")
        tour.walk(page, iter([f"/appeals/{receipt}", f"/appeals/{receipt}/receipt"]), look)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_of_the_desk(browser: Browser, demo_server: Server, city: tour.City, role: str) -> None:
    with visitor(browser, demo_server) as page:
        sign_in(page, ROLES[role])
        mine = (
            tour.administration(city, page)
            if role == "administrator"
            else tour.desk(city, page, role == "moderator")
        )
        found = inspect(city, page, mine)
    assert not found, "\n".join(found)


def test_the_pages_that_come_of_an_act(browser: Browser, demo_server: Server, city: tour.City) -> None:
    with visitor(browser, demo_server) as page:
        sign_in(page, ROLES["moderator"])
        look, found = inspector(city, page)
        acts.file_for_a_caller(page, look)
        refs = city.ask("select ref from 'case' where state = 'screened' limit 2")
        acts.assign_several(page, look, refs)
        acts.import_a_table(page, look)
    assert not found, "\n".join(found)


def test_the_pages_behind_a_token(browser: Browser, demo_server: Server, city: tour.City) -> None:
    with visitor(browser, demo_server) as administrator, visitor(browser, demo_server) as somebody:
        sign_in(administrator, ROLES["administrator"])
        look_there, found_there = inspector(city, administrator)
        look, found = inspector(city, somebody)
        acts.write_an_appeal(somebody, look)
        acts.follow_by_mail(city, somebody, look)
        acts.answer_by_link(city, somebody, look)
        acts.come_with_a_link(city, administrator, look_there, somebody, look)
    assert not found + found_there, "\n".join(found + found_there)


def test_the_dark(browser: Browser, demo_server: Server, city: tour.City) -> None:
    with visitor(browser, demo_server, dark=True) as page:
        sign_in(page, ROLES["moderator"])
        (ref,) = city.ask("select min(ref) from published_case where visible")
        found = inspect(city, page, iter([*DARK, f"/cases/{ref}", f"/desk/cases/{ref}"]))
    assert not found, "\n".join(found)


def test_nothing_was_left_out(city: tour.City, request: pytest.FixtureRequest) -> None:
    ran = {item.name for item in request.session.items if item.path == request.path}
    wanted = {f"test_the_pages_of_the_desk[{role}]" for role in ROLES}
    wanted |= {"test_the_public_pages", "test_the_pages_that_come_of_an_act", "test_the_pages_behind_a_token"}
    if not wanted <= ran:
        pytest.skip("only some of the tour was asked for")
    left = {route["endpoint"] for route in city.routes} - city.visited - set(tour.NO_PAGES)
    assert not left, "pages nobody came to: give the demonstration such a case, or tour.py a way"
