"""A real browser on a real server: Debian's Chromium, driven by Playwright, once per run.

Without a Chromium on the machine these tests are skipped and say so; in CI that is a failure.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from weakref import WeakSet

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_TIMERS = "window.setTimeout = (act, after) => after > 100 ? 0 : (Promise.resolve().then(act), 1)"
"""Where scripts are switched off, timers never come; axe, which is let in all the same, waits for some."""
_RUN = """(colours) => axe
  .run(document, {resultTypes: ['violations'], rules: {'color-contrast': {enabled: colours}}})
  .then(({violations}) => violations.flatMap(({id, nodes}) => nodes.slice(0, 3).map(
    ({target, failureSummary}) => `${id}: ${target} ${(failureSummary || '').slice(0, 160)}`)))"""
"""Only what is wrong leaves the browser: all that axe has to tell takes longer to carry than to find."""
_scriptless: WeakSet[BrowserContext] = WeakSet()
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)


def chromium() -> str | None:
    """The machine's Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("a Chromium is required in CI")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


class Server:
    """A portal in a process of its own: address, log, and an end."""

    def __init__(self, child: subprocess.Popen[str], address: str, log: Path) -> None:
        self.child, self.address, self.log = child, address, log


@contextmanager
def serving(folder: Path, environment: dict[str, str], port: int = 0) -> Iterator[Server]:
    """`portal serve` on a free port of loopback, until the block ends."""
    log = folder / "server.log"
    with log.open("ab") as sink:
        child = subprocess.Popen(
            [sys.executable, "-m", "portal.serve", "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=sink,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | environment,
        )
    assert child.stdout is not None
    try:
        line = child.stdout.readline()
        found = re.search(r"http://[\d.]+:\d+", line)
        assert found, f"the server did not start: {line!r} {log.read_text()[-2000:]}"
        yield Server(child, found[0], log)
    finally:
        child.terminate()
        child.wait(timeout=30)


def demo_environment(folder: Path) -> dict[str, str]:
    """A demonstration of its own in `folder`."""
    return {
        "PORTAL_DEMO": "1",
        "PORTAL_DATABASE_URL": f"sqlite:///{folder}/portal.db",
        "PORTAL_KEY_DIR": str(folder),
        "PORTAL_UPLOAD_DIR": str(folder / "uploads"),
        "PORTAL_DRAIN_GRACE": "0",
        # Everybody comes from this one machine, as from the network of a hall.
        "PORTAL_HALL_NETWORKS": "127.0.0.0/8",
    }


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration city, loaded once: to be copied, and never served itself."""
    folder = tmp_path_factory.mktemp("city")
    for command in (["db", "upgrade"], ["demo"]):
        subprocess.run(
            [sys.executable, "-m", "portal.cli", *command],
            check=True,
            cwd=ROOT,
            env=os.environ | demo_environment(folder),
            stdout=subprocess.DEVNULL,
            timeout=300,
        )
    return folder


@pytest.fixture(scope="session")
def demo_server(demo_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration city, served."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(demo_city, folder, dirs_exist_ok=True)
    with serving(folder, demo_environment(folder)) as server:
        yield server


@contextmanager
def visitor(
    browser: Browser,
    server: Server,
    *,
    lang: str = "zh-CN",
    size: tuple[int, int] = DESKTOP,
    script: bool = True,
    dark: bool = False,
    cookies: StorageState | None = None,
) -> Iterator[Page]:
    """Somebody with a browser of their own; faults of script and policy are collected and fail the test.

    `cookies` are those of somebody who has signed in before (`page.context.storage_state()`).
    """
    context: BrowserContext = browser.new_context(
        base_url=server.address,
        locale=lang,
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
        storage_state=cookies,
    )
    if not script:
        _scriptless.add(context)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    page.set_default_timeout(10_000)
    try:
        yield page
    finally:
        context.close()
    assert not faults, faults


def _is_fault(message: object) -> bool:
    text = getattr(message, "text", "")
    return getattr(message, "type", "") == "error" and "Failed to load resource" not in text


def sign_in(page: Page, role: str) -> None:
    """Sign in through the demonstration's buttons, as the first person of that role."""
    page.goto("/account/sign-in")
    page.locator(".roles button", has_text=role).first.click()
    page.wait_for_url("**/desk/**")


def violations(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds wrong with the page as it stands. Half of its time goes into `colours`."""
    if page.context in _scriptless:
        page.evaluate(_TIMERS)
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, colours)
    return found


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
