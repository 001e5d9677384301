"""Proof of trouble taken: with a sum, with a wait, once, and in a browser."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.web.proof import MemorySpent, Verdict, issue, judge, solve, solves

KEY, NOW = b"k" * 32, datetime(2026, 6, 18, 6, 37, tzinfo=UTC)
SCRIPT = Path(__file__).parents[2] / "static/js/proof.js"


@pytest.fixture
def spent():
    return MemorySpent(clock=NOW.timestamp)


@pytest.fixture
def challenge():
    return issue(KEY, "appeal", NOW, difficulty=8)


def weigh(challenge, answer, spent, *, after=0.0, claim="one", purpose="appeal", key=KEY):
    return judge(key, purpose, challenge, answer, NOW + timedelta(seconds=after), spent=spent, claim=claim)


def test_a_solved_sum_is_taken_at_once(challenge, spent):
    verdict = weigh(challenge, solve(challenge, 8), spent)
    assert verdict is Verdict.PROVED
    assert verdict.accepted


def test_without_a_script_a_short_wait_will_do(challenge, spent):
    assert weigh(challenge, "", spent, after=1) is Verdict.TOO_SOON
    assert weigh(challenge, "", spent, after=6) is Verdict.WAITED


@pytest.mark.parametrize("answer", ["x", "-1", "1" * 17, "１", "0x1"])
def test_what_is_no_number_is_no_answer(challenge, spent, answer):
    assert weigh(challenge, answer, spent, after=60) is Verdict.WRONG


def test_a_wrong_number_is_refused_even_after_the_wait(challenge, spent):
    wrong = next(str(number) for number in range(1000) if not solves(challenge, str(number), 8))
    assert weigh(challenge, wrong, spent, after=60) is Verdict.WRONG


def test_a_challenge_serves_one_submission_however_often_it_is_sent(challenge, spent):
    answer = solve(challenge, 8)
    assert weigh(challenge, answer, spent, claim="one").accepted
    assert weigh(challenge, answer, spent, claim="one").accepted  # the answer was lost; sent again
    assert weigh(challenge, answer, spent, claim="two") is Verdict.USED
    assert weigh(challenge, "", spent, after=60, claim="three") is Verdict.USED


def test_a_challenge_ends(challenge, spent):
    assert weigh(challenge, solve(challenge, 8), spent, after=9 * 3600) is Verdict.EXPIRED


def test_nobody_can_make_or_alter_one(challenge, spent):
    easier = challenge.replace("p1.8.", "p1.0.")
    assert weigh(easier, "1", spent) is Verdict.WRONG
    assert weigh(challenge, solve(challenge, 8), spent, purpose="question") is Verdict.WRONG
    assert weigh(challenge, solve(challenge, 8), spent, key=b"other") is Verdict.WRONG
    for rubbish in ("", ".", "p1", "....." * 40, "p1.8.1.2.n.é"):
        assert weigh(rubbish, "1", spent) is Verdict.WRONG


def test_the_memory_of_used_ones_is_bounded(spent):
    small = MemorySpent(clock=NOW.timestamp, most=10)
    for number in range(50):
        assert small.spend(str(number), "one", NOW.timestamp() + 60)
    assert len(small) == 10
    small._clock = lambda: NOW.timestamp() + 61
    small.spend("new", "one", NOW.timestamp() + 120)
    assert len(small) == 1


@pytest.mark.browser
def test_a_browser_does_the_sum_while_the_form_is_filled_in(browser):
    challenge = issue(KEY, "appeal", NOW, difficulty=10)
    page_text = f"""<!doctype html><title>t</title><form data-proof method="get" action="/sent">
        <input name="text"><input type="hidden" name="proof" value="{challenge}">
        <input type="hidden" name="proof_answer" value=""><button name="b" value="1">Send</button></form>
        <script type="module" src="/proof.js"></script>"""
    policy = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; form-action 'self'"}

    def answer(route):
        if route.request.url.endswith("proof.js"):
            route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
        else:
            route.fulfill(body=page_text, content_type="text/html", headers=policy)

    page = browser.new_page()
    page.route("https://portal.example/**", answer)
    page.goto("https://portal.example/")
    page.locator("[name=text]").fill("hello")
    page.locator("button").click()
    page.wait_for_url("**/sent?*")
    sent = dict(pair.split("=") for pair in page.url.partition("?")[2].split("&"))
    page.close()
    assert sent["b"] == "1"
    assert solves(challenge, sent["proof_answer"], 10)
