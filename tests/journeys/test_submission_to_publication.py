"""From a citizen's appeal to the public page: five people, each with a browser of their own, in every language,
with scripts and without, on a telephone and at a desk. Axe looks at every page and state on the way.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from itertools import product
from time import monotonic
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState

from tests.browser import DESKTOP, PHONE, Server, sideways, sign_in, violations, visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICIAL, MODERATOR, SECOND = "乔木森", "邵明漪", "闻立秋"
HOUSING = re.compile("市住建局|Housing and Urban-Rural")
TELEPHONE = "13900001234"
WAIT_WITHOUT_SCRIPT = 5.1
"""Seconds a form must have been open where no sum is done."""
RUNS = list(product(("zh-CN", "zh-TW", "en-US"), ("scripts", "no scripts"), ("phone", "desktop")))
THINGS = dict(
    zip(
        RUNS,
        ("竹帘", "藤架", "石栏", "木桥", "铁门", "砖墙", "瓦檐", "铜铃", "布篷", "草坪", "泥塘", "玉阶"),
        strict=True,
    )
)
"""What is broken in each run: something nobody else has appealed about."""


def photograph() -> Any:
    content = BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 90)).save(content, "JPEG")
    return {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


@pytest.fixture(scope="module")
def staff(browser: Browser, demo_server: Server) -> dict[str, StorageState]:
    """Who of the staff has signed in, once for all runs."""
    signed_in = {}
    for name in (MODERATOR, OFFICIAL, SECOND):
        with visitor(browser, demo_server) as page:
            sign_in(page, name)
            signed_in[name] = page.context.storage_state()
    return signed_in


class Cast:
    """The people of one run, all with the same kind of browser; and what is wrong with the pages they see."""

    def __init__(self, visit: Callable[..., Page], staff: dict[str, StorageState], colours: bool) -> None:
        self.citizen, self.stranger = visit(), visit()
        self.moderator, self.official, self.second = (
            visit(cookies=staff[name]) for name in (MODERATOR, OFFICIAL, SECOND)
        )
        self.found: list[str] = []
        self.colours = colours

    def look(self, page: Page, state: str) -> None:
        """Let axe see the page as it stands."""
        self.found += [f"{state}: {wrong}" for wrong in violations(page, colours=self.colours)]
        if wider := sideways(page):
            self.found.append(f"{state}: {wider} pixels wider than the window")


@pytest.fixture(params=RUNS, ids=", ".join)
def run(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    found: tuple[str, str, str] = request.param
    return found


@pytest.fixture
def cast(
    browser: Browser, demo_server: Server, staff: dict[str, StorageState], run: tuple[str, str, str]
) -> Iterator[Cast]:
    lang, scripts, width = run

    def visit(cookies: StorageState | None = None) -> Page:
        size = PHONE if width == "phone" else DESKTOP
        script = scripts == "scripts"
        return people.enter_context(
            visitor(browser, demo_server, lang=lang, size=size, script=script, cookies=cookies)
        )

    with ExitStack() as people:
        yield Cast(visit, staff, colours=lang == "zh-CN")  # they are the same in every language


def tick(page: Page, name: str, value: str) -> None:
    page.locator(f'main input[name="{name}"][value="{value}"]').check(force=True)


def press(page: Page, action: str) -> None:
    """The button of the form that goes to this address."""
    page.locator(f'main form[action$="{action}"] button[type=submit]:not(.vh)').last.click()
    page.wait_for_load_state()


def act(cast: Cast, page: Page, ref: str, name: str, **words: str) -> None:
    """One of the case's own pages: fill in, send, and be back at the case."""
    page.goto(f"/desk/cases/{ref}/{name}")
    cast.look(page, name)
    if name == "reply":
        tick(page, "closing_kind", "solved")  # shows the boxes that it asks for
        cast.look(page, "reply, as solved")
    for field, value in words.items():
        page.fill(f"#{field}", value)
    if name == "screening":
        tick(page, "kind", "help")
        tick(page, "tier", "first_ask")
    if name == "assignment":
        unit = page.locator("#unit_id option", has_text=HOUSING).first
        page.select_option("#unit_id", unit.get_attribute("value"))
    if name in ("evidence", "reply"):
        page.set_input_files("#files", photograph())
    page.locator("#act .actions button").click()
    page.wait_for_url(f"**/desk/cases/{ref}?done=*")
    cast.look(page, f"the case after {name}")


def write(cast: Cast, thing: str) -> float:
    """The citizen writes an appeal and is shown it again; the moment at which."""
    page = cast.citizen
    page.goto("/appeals/new")
    cast.look(page, "the form")
    press(page, "/appeals/new")
    cast.look(page, "the form sent empty")
    tick(page, "kind", "help")
    page.fill("#title", f"{thing}坏了半个月没人修")
    page.fill("#body", f"小区门口的{thing}坏了，轮椅上不去。请打我电话 {TELEPHONE}，谢谢。")
    page.fill("#phone", TELEPHONE)
    tick(page, "consent", "yes")
    press(page, "/appeals/new")
    page.wait_for_url("**/appeals/new/check*")
    opened = monotonic()
    cast.look(page, "the check before sending")
    return opened


def send(cast: Cast, wait_until: float) -> tuple[str, str]:
    """The citizen sends it; receipt number and query code."""
    page = cast.citizen
    page.wait_for_timeout(max(0, wait_until - monotonic()) * 1000)
    press(page, "/appeals/new/check")
    page.wait_for_url("**/appeals/S*")
    page.locator(".fresh__codes code").first.wait_for()
    cast.look(page, "the receipt")
    receipt, code = page.locator(".fresh__codes code").all_inner_texts()[:2]
    return receipt.strip(), code.strip()


def follow(cast: Cast, receipt: str, code: str, state: str) -> None:
    page = cast.citizen
    page.goto("/appeals/track")
    page.fill("#receipt", receipt)
    page.fill("#code", code)
    press(page, "/appeals/track")
    page.wait_for_url(f"**/appeals/{receipt}")
    cast.look(page, state)


def handle(cast: Cast, receipt: str, code: str, thing: str) -> str:
    """From screening to the asker's rating; the number of the case."""
    cast.moderator.goto(f"/desk/cases?q={receipt}")
    cast.look(cast.moderator, "the case found at the desk")
    link = str(cast.moderator.locator('main a[href^="/desk/cases/B"]').first.get_attribute("href"))
    ref = link.split("/")[3].partition("?")[0]
    act(cast, cast.moderator, ref, "screening")
    act(cast, cast.moderator, ref, "assignment", reason="请三日内到现场")

    cast.official.goto(f"/desk/cases/{ref}")
    press(cast.official, "/acceptance")
    press(cast.official, "/start")
    act(cast, cast.official, ref, "questions", body="请问是哪一个门？")

    follow(cast, receipt, code, "a question to the asker")
    cast.citizen.locator(".mine__act textarea").fill("东门。")
    press(cast.citizen, "/answer")
    cast.look(cast.citizen, "the question answered")

    act(cast, cast.official, ref, "evidence", caption="修好以后")
    reply = f"{thing}已经修好，十一月起每月检查。"
    act(cast, cast.official, ref, "reply", body=reply, not_needed_because="个别老化")

    follow(cast, receipt, code, "a reply to be rated")
    for question in ("result", "speed", "attitude"):
        cast.citizen.locator(f'main form[action$="/rating"] input[name="{question}"]').first.check(force=True)
    press(cast.citizen, "/rating")
    cast.look(cast.citizen, "the reply rated")
    return ref


def release(cast: Cast, ref: str) -> None:
    """One prepares and decides about what may point to a person, another lets everybody read it."""
    first, second = cast.moderator, cast.second
    first.goto(f"/desk/cases/{ref}")
    cast.look(first, "the case closed")
    press(first, "/desk/releases")
    first.wait_for_url("**/desk/releases/*")
    draft = first.url.partition("?")[0]
    cast.look(first, "the draft of a release")
    found = first.locator('main input[type=radio][value="mask"]')
    assert found.count() >= 1, "the telephone number is suspected"
    for place in found.all():
        place.check(force=True)
    first.locator('#draft button[value="save"]').click()
    first.wait_for_load_state()
    assert TELEPHONE not in first.input_value("#body")
    first.locator('#draft button[value="propose"]').click()
    first.wait_for_load_state()
    cast.look(first, "the release proposed")
    second.goto(draft)
    cast.look(second, "the release before the second person")
    press(second, "/publication")
    cast.look(second, "the release made")


def read(cast: Cast, ref: str, thing: str) -> None:
    """Somebody from the public finds the case and reads it."""
    page = cast.stranger
    page.goto("/cases")
    page.fill("#site-q", thing)
    page.locator(".search__button").click()
    page.locator(f'main a[href="/cases/{ref}"]').wait_for()
    cast.look(page, "the case found by the public")
    page.locator(f'main a[href="/cases/{ref}"]').click()
    page.wait_for_url(f"**/cases/{ref}")
    cast.look(page, "the public case")
    assert thing in page.inner_text("h1")
    assert "已经修好" in page.inner_text("main")
    assert TELEPHONE not in page.content()


def test_an_appeal_goes_all_the_way(cast: Cast, run: tuple[str, str, str]) -> None:
    thing = THINGS[run]
    opened = write(cast, thing)
    for page in (cast.moderator, cast.official, cast.second):
        page.goto("/desk/")
        cast.look(page, "the start of the desk")
    receipt, code = send(cast, opened + (0 if run[1] == "scripts" else WAIT_WITHOUT_SCRIPT))
    ref = handle(cast, receipt, code, thing)
    release(cast, ref)
    read(cast, ref, thing)
    assert not cast.found, "\n".join(cast.found)
