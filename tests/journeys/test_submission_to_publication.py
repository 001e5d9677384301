"""From a citizen's phone to the public page: five people, each with a browser of their own, with and without scripts."""

from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, Server, sideways, sign_in, visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICIAL, MODERATOR, SECOND = "乔木森", "邵明漪", "闻立秋"
TELEPHONE = "13900001234"
WAIT_WITHOUT_SCRIPT = 5_500
"""Milliseconds a form must have been open where no sum is done."""
RUNS = {
    "with scripts in simplified Chinese": ("zh-CN", True, "竹帘坡道"),
    "without scripts in traditional Chinese": ("zh-TW", False, "藤架雨棚"),
    "without scripts in English": ("en-US", False, "石栏扶手"),
}


def photograph() -> Any:
    content = BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 90)).save(content, "JPEG")
    return {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def tick(page: Page, name: str, value: str) -> None:
    page.locator(f'main input[name="{name}"][value="{value}"]').check(force=True)


def press(page: Page, action: str) -> None:
    """The button of the form that goes to this address."""
    page.locator(f'main form[action$="{action}"] button[type=submit]:not(.vh)').last.click()
    page.wait_for_load_state()


def act(page: Page, ref: str, name: str, **words: str) -> None:
    """One of the case's own pages: fill in, send, and be back at the case."""
    page.goto(f"/desk/cases/{ref}/{name}")
    for field, value in words.items():
        page.fill(f"#{field}", value)
    if name == "screening":
        tick(page, "kind", "help")
        tick(page, "tier", "first_ask")
    if name == "assignment":
        unit = page.locator("#unit_id option", has_text="市住建局").first
        page.select_option("#unit_id", unit.get_attribute("value"))
    if name in ("evidence", "reply"):
        page.set_input_files("#files", photograph())
    if name == "reply":
        tick(page, "closing_kind", "solved")
    page.locator("#act .actions button").click()
    page.wait_for_url(f"**/desk/cases/{ref}?done=*")


def submit(page: Page, thing: str, script: bool) -> tuple[str, str]:
    """The citizen files an appeal; receipt number and query code."""
    page.goto("/appeals/new")
    tick(page, "kind", "help")
    page.fill("#title", f"{thing}坏了半个月没人修")
    page.fill("#body", f"小区门口的{thing}坏了，轮椅上不去。请打我电话 {TELEPHONE}，谢谢。")
    page.fill("#phone", TELEPHONE)
    tick(page, "consent", "yes")
    assert sideways(page) == 0
    press(page, "/appeals/new")
    page.wait_for_url("**/appeals/new/check*")
    if not script:
        page.wait_for_timeout(WAIT_WITHOUT_SCRIPT)
    press(page, "/appeals/new/check")
    page.wait_for_url("**/appeals/S*")
    assert sideways(page) == 0
    page.locator(".fresh__codes code").first.wait_for()
    receipt, code = page.locator(".fresh__codes code").all_inner_texts()[:2]
    return receipt.strip(), code.strip()


def follow(page: Page, receipt: str, code: str) -> None:
    page.goto("/appeals/track")
    page.fill("#receipt", receipt)
    page.fill("#code", code)
    press(page, "/appeals/track")
    page.wait_for_url(f"**/appeals/{receipt}")


def release(first: Page, second: Page, ref: str) -> None:
    """One prepares and decides about what may point to a person, another lets everybody read it."""
    first.goto(f"/desk/cases/{ref}")
    press(first, "/desk/releases")
    first.wait_for_url("**/desk/releases/*")
    draft = first.url.partition("?")[0]
    found = first.locator('main input[type=radio][value="mask"]')
    assert found.count() >= 1, "the telephone number is suspected"
    for place in found.all():
        place.check(force=True)
    first.locator('#draft button[value="save"]').click()
    first.wait_for_load_state()
    assert TELEPHONE not in first.input_value("#body")
    first.locator('#draft button[value="propose"]').click()
    first.wait_for_load_state()
    second.goto(draft)
    press(second, "/publication")


@pytest.mark.parametrize("run", RUNS)
def test_an_appeal_goes_all_the_way(browser: Browser, demo_server: Server, run: str) -> None:
    lang, script, thing = RUNS[run]
    with ExitStack() as people:

        def somebody(size: tuple[int, int] = DESKTOP, lang: str = "zh-CN") -> Page:
            return people.enter_context(visitor(browser, demo_server, lang=lang, size=size, script=script))

        citizen, moderator, official, second = somebody(PHONE, lang), somebody(), somebody(), somebody()
        for page, name in ((moderator, MODERATOR), (official, OFFICIAL), (second, SECOND)):
            sign_in(page, name)
        receipt, code = submit(citizen, thing, script)

        moderator.goto(f"/desk/cases?q={receipt}")
        ref = str(moderator.locator('main a[href^="/desk/cases/B"]').first.get_attribute("href")).split("/")[
            3
        ]
        ref = ref.partition("?")[0]
        act(moderator, ref, "screening")
        act(moderator, ref, "assignment", reason="请三日内到现场")

        official.goto(f"/desk/cases/{ref}")
        press(official, "/acceptance")
        press(official, "/start")
        act(official, ref, "questions", body="请问是哪一个门？")

        follow(citizen, receipt, code)
        citizen.locator(".mine__act textarea").fill("东门。")
        press(citizen, "/answer")
        assert sideways(citizen) == 0

        act(official, ref, "evidence", caption="修好以后")
        act(
            official, ref, "reply", body=f"{thing}已经修好，十一月起每月检查。", not_needed_because="个别老化"
        )

        follow(citizen, receipt, code)
        for question in ("result", "speed", "attitude"):
            citizen.locator(f'main form[action$="/rating"] input[name="{question}"]').first.check(force=True)
        press(citizen, "/rating")
        assert sideways(citizen) == 0

        release(moderator, second, ref)

        reader = somebody(PHONE, lang)
        reader.goto("/cases")
        reader.fill("#site-q", thing[:2])
        reader.locator(".search__button").click()
        reader.locator(f'main a[href="/cases/{ref}"]').click()
        reader.wait_for_url(f"**/cases/{ref}")
        assert thing in reader.inner_text("h1")
        assert "已经修好" in reader.inner_text("main")
        assert TELEPHONE not in reader.content()
        assert sideways(reader) == 0
