"""Pages that are there only after something was done: each function does it and lets the caller look.

A page behind a token, a file that was sent, a password that was just right. Nothing here checks what a page says.
"""

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Page

from tests.journeys.tour import City

Look = Callable[[str], None]
PASSWORD = "竹帘坡道与石栏扶手都修好了"
TABLE = "id,title,created_at\n1,路灯坏了,2019-04-24\n2,井盖响,昨天\n".encode()


def press(page: Page, action: str) -> None:
    """The button of the form that goes to this address; one that asks back is opened first."""
    form = page.locator(f'main form[action$="{action}"]').first
    if not form.is_visible():
        form.locator("xpath=ancestor::details").locator("> summary").click()
    form.locator("button[type=submit]:not(.vh)").last.click()
    page.wait_for_load_state()


def come_with_a_link(city: City, administrator: Page, look_there: Look, newcomer: Page, look: Look) -> None:
    """A colleague gets a one-time link, chooses a password and a second factor, and signs in with both."""
    person, staff_number = city.rows("select id, staff_number from person order by id desc limit 1")[0]
    administrator.goto(f"/desk/admin/people/{person}")
    press(administrator, "/link")
    look_there("the one-time link")
    newcomer.goto(urlsplit(administrator.locator(".link-once code").inner_text().strip()).path)
    look("the one-time link opened")
    newcomer.fill("#password", PASSWORD)
    newcomer.fill("#again", PASSWORD)
    newcomer.locator("main form button[type=submit]").last.click()
    newcomer.wait_for_url("**/desk/**")
    newcomer.goto("/account/second-factor")
    look("a second factor to be turned on")
    secret = newcomer.locator("main ol code").inner_text()
    newcomer.fill("#code", pyotp.TOTP("".join(secret.split())).now())
    press(newcomer, "/account/second-factor")
    look("recovery codes")
    newcomer.goto("/account/")
    look("security with a second factor")
    newcomer.context.clear_cookies()
    newcomer.goto("/account/sign-in")
    newcomer.fill("#name", staff_number)
    newcomer.fill("#password", PASSWORD)
    press(newcomer, "/account/sign-in")
    newcomer.wait_for_url("**/account/second-step*")
    look("the second step")
    newcomer.fill("#code", "000000")
    press(newcomer, "/account/second-step")
    look("the second step with a wrong code")


def answer_by_link(city: City, page: Page, look: Look) -> None:
    """A question is answered through its timed link. The link goes to the asker alone, so one of ours is put there."""
    city.tell(
        "update asker_question set token_hash = ? where id ="
        " (select max(id) from asker_question where answered_at is null)",
        city.hashed("a-link-of-the-tour"),
    )
    page.goto("/appeals/answer/a-link-of-the-tour")
    look("a question behind its link")
    page.goto("/appeals/answer/nobody-gave-this")
    look("a link that is over")


def follow_by_mail(city: City, page: Page, look: Look) -> None:
    """Somebody asks to be told of a unit, confirms it by the link in the mail, and ends it by the other."""
    (unit,) = city.ask("select unit_id from published_case group by unit_id order by count(*) desc limit 1")
    page.goto(f"/follow?kind=unit&id={unit}")
    look("following by mail")
    page.fill("#address", "zhulian@example.com")
    press(page, "/follow")
    page.wait_for_url("**/follow/asked?*")
    look("the mailbox is asked")
    confirm = _link_of_a_mail(city, page, "confirm")
    for link in (confirm, confirm.replace("/confirm?", "/leave?")):
        page.goto(link)
        look(link.partition("?")[0])
        page.locator('main form[action*="token="] button[type=submit]').click()
        page.wait_for_load_state()
        look(f"{link.partition('?')[0]} used")


def _link_of_a_mail(city: City, page: Page, name: str) -> str:
    """Where a link of this name leads, once a mail holds it; the demonstration keeps mails as files."""
    for _ in range(60):
        for file in (city.folder / "mail").glob("*"):
            body = message_from_bytes(file.read_bytes(), policy=default).get_body(("plain",))
            found = re.search(rf"https?://[^/\s]+(/\S+/{name}\?\S+)", body.get_content() if body else "")
            if found:
                return found[1]
        page.wait_for_timeout(500)
    raise AssertionError("no such mail was sent")


def import_a_table(page: Page, look: Look) -> None:
    """A table is sent, checked, and taken in."""
    page.goto("/desk/import")
    page.set_input_files("#file", {"name": "letters.csv", "mimeType": "text/csv", "buffer": TABLE})
    press(page, "/desk/import")
    page.locator('#progress form[action$="/start"]').wait_for(timeout=30_000)
    look("a table checked")
    press(page, "/start")
    page.locator("#progress a[href*='/desk/cases?channel=']").wait_for(timeout=30_000)
    look("a table taken in")
    page.goto("/desk/import")
    look("imports so far")


def write_an_appeal(page: Page, look: Look) -> None:
    """Somebody from the public is shown what they wrote before they send it."""
    page.goto("/appeals/new")
    page.locator('main input[name="kind"]').first.check(force=True)
    page.fill("#title", "巷口的石墩挡住轮椅")
    page.fill("#body", "巷口的石墩太密，轮椅过不去。")
    page.fill("#phone", "13900001234")
    page.locator('main input[name="consent"]').first.check(force=True)
    press(page, "/appeals/new")
    page.wait_for_url("**/appeals/new/check*")
    look("the check before sending")


def file_for_a_caller(page: Page, look: Look) -> None:
    """What somebody said on the telephone is filed and its number read out."""
    page.goto("/desk/appeals/new")
    page.locator('main input[name="kind"]').first.check(force=True)
    page.fill("#title", "巷口的石墩挡住轮椅")
    page.fill("#body", "来电人说巷口的石墩太密，轮椅过不去。")
    page.locator('main input[name="consent"]').first.check(force=True)
    page.locator('main form[action$="/desk/appeals/new"] button[type=submit]:not(.vh)').last.click()
    page.wait_for_url("**/desk/appeals/filed/*")
    look("filed for a caller")


def assign_several(page: Page, look: Look, refs: list[str]) -> None:
    """Two cases are assigned at once."""
    page.goto("/desk/cases/assignments?" + "&".join(f"case={ref}" for ref in refs))
    look("cases chosen")
    page.select_option("#unit_id", index=1)
    page.locator("#act .actions button, main form .actions button").last.click()
    page.wait_for_load_state()
    look("cases assigned")
