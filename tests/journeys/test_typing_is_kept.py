"""What is being typed at the desk survives a closed page and a lost sign-in, in its own tab, and no longer."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Server, sign_in, visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEPT = "Object.keys(sessionStorage).filter((name) => name.startsWith('typed:')).length"


def open_a_note(page: Page) -> str:
    """The note form of the first case of the worklist; returns its address."""
    page.goto("/desk/cases")
    ref = page.locator(".worklist tbody th a").first.get_attribute("href")
    page.goto(f"{ref}/notes")
    return f"{ref}/notes"


def test_a_text_is_there_again_after_going_away(browser: Browser, demo_server: Server) -> None:
    with visitor(browser, demo_server) as page:
        sign_in(page, "会客厅管理员")
        address = open_a_note(page)
        page.get_by_label("记录", exact=True).fill("写了一半的记录")
        page.goto("/desk/")
        page.goto(address)
        assert page.get_by_label("记录", exact=True).input_value() == "写了一半的记录"


def test_a_text_that_was_sent_is_forgotten(browser: Browser, demo_server: Server) -> None:
    with visitor(browser, demo_server) as page:
        sign_in(page, "会客厅管理员")
        address = open_a_note(page)
        page.get_by_label("记录", exact=True).fill("写完的记录")
        page.get_by_role("button", name="保存记录").click()
        page.wait_for_url("**?done=notes")
        assert page.evaluate(KEPT) == 0
        page.goto(address)
        assert page.get_by_label("记录", exact=True).input_value() == ""


def test_signing_out_forgets_everything(browser: Browser, demo_server: Server) -> None:
    with visitor(browser, demo_server) as page:
        sign_in(page, "会客厅管理员")
        open_a_note(page)
        page.get_by_label("记录", exact=True).fill("还没写完")
        assert page.evaluate(KEPT) == 1
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_load_state()
        assert page.evaluate(KEPT) == 0
