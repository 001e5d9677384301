"""Somebody follows a case by mail, in a browser and with a mailbox of their own: asks, confirms, is told, leaves.

The server is a process of its own and its mails come by SMTP; nothing is mocked.
"""

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import (
    PHONE,
    ROOT,
    Server,
    demo_environment,
    serving,
    sideways,
    sign_in,
    violations,
    visitor,
)
from tests.mailbox import Mailbox, mailbox

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MODERATOR = "邵明漪"
PATIENCE = 30
WAIT_WITHOUT_SCRIPT = 5100
"""Milliseconds a form must have been open where no sum is done."""


@pytest.fixture(scope="module")
def post() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, post: Mailbox) -> Iterator[Server]:
    """A demonstration that sends real mails."""
    folder: Path = tmp_path_factory.mktemp("following")
    environment = demo_environment(folder) | {"PORTAL_MAIL_URL": post.url}
    for command in (["db", "upgrade"], ["demo"]):
        subprocess.run(
            [sys.executable, "-m", "portal.cli", *command],
            check=True,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            timeout=180,
        )
    with serving(folder, environment) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


def letter(post: Mailbox, to: str, number: int) -> EmailMessage:
    """That mailbox's so manieth mail, once it has come."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        mine = [found for found in post.messages if found["To"] == to]
        if len(mine) > number:
            return mine[number]
        sleep(0.2)
    raise AssertionError(f"no mail number {number} for this mailbox in {PATIENCE} s")


def path_of(message: EmailMessage, what: str) -> str:
    """The address behind a link of the mail, at whatever host the test runs."""
    parts = urlsplit(next(word for word in message.get_content().split() if f"/{what}?" in word))
    return f"{parts.path}?{parts.query}"


def look(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) == 0


def press(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def ask(page: Page, address: str, *, wait: bool) -> str:
    """From the page of a solved case to the answer; which case it was."""
    page.goto("/cases?outcome=solved")
    page.locator(".row__title a").first.click()
    page.wait_for_url("**/cases/B*")
    ref = page.url.rpartition("/")[2]
    page.locator("#follow a").click()
    page.wait_for_url("**/follow?*")
    look(page)
    page.fill("#address", address)
    if wait:
        page.wait_for_timeout(WAIT_WITHOUT_SCRIPT)
    press(page)
    page.wait_for_url("**/follow/asked?*")
    look(page)
    return ref


def answer(page: Page, message: EmailMessage, what: str) -> None:
    """Behind a link of a mail: look at what it is, press its button."""
    page.goto(path_of(message, what))
    look(page)
    press(page)
    look(page)


def open_again(page: Page, ref: str) -> None:
    """The moderator hears that it is not solved after all."""
    page.goto(f"/desk/cases/{ref}/reopening")
    page.fill("#reason", "邻居反映又坏了")
    page.locator("#act .actions button").click()
    page.wait_for_url(f"**/desk/cases/{ref}?done=*")


@pytest.mark.parametrize(
    ("lang", "script", "words"),
    [("zh-CN", True, "请确认"), ("zh-TW", False, "請確認"), ("en-US", False, "Please confirm")],
)
def test_somebody_follows_a_case_is_told_and_leaves(
    browser: Browser, server: Server, post: Mailbox, lang: str, script: bool, words: str
) -> None:
    mine, other = f"wang.{lang.lower()}@example.org", f"never.{lang.lower()}@example.org"
    with (
        visitor(browser, server, lang=lang, script=script, size=PHONE) as follower,
        visitor(browser, server) as moderator,
    ):
        ref = ask(follower, mine, wait=not script)
        ask(follower, other, wait=not script)
        question = letter(post, mine, 0)
        assert words in question["Subject"]
        letter(post, other, 0)
        answer(follower, question, "confirm")
        sign_in(moderator, MODERATOR)
        open_again(moderator, ref)
        news = letter(post, mine, 1)
        assert f"/cases/{ref}" in news.get_content()
        assert len([found for found in post.messages if found["To"] == other]) == 1, "who did not confirm"
        if script:
            answer(follower, news, "leave")
        else:
            assert one_click(server, news) == 200
            follower.goto(path_of(news, "leave"))
            look(follower)
        assert follower.locator("main form").count() == 0, "there is nothing left to leave"


def one_click(server: Server, message: EmailMessage) -> int:
    """What a mail program does when its own button is pressed (RFC 8058): a POST without cookies or page."""
    parts = urlsplit(message["List-Unsubscribe"].strip("<>"))
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)
    connection.request(
        "POST",
        f"{parts.path}?{parts.query}",
        "List-Unsubscribe=One-Click",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    return connection.getresponse().status
