"""The pictures of the README, taken from a fresh demonstration: `make screenshots` (needs a Chromium)."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser import DESKTOP, FLAGS, ROOT, chromium, demo_environment, serving, sign_in, visitor

PICTURES = Path(__file__).with_name("pictures")
MOST_BYTES = 250_000
COLOURS = 128
PUBLISHED = 'main a[href^="/cases/B"]'


def load(folder: Path) -> dict[str, str]:
    """A demonstration of its own; the environment to serve it with."""
    environment = demo_environment(folder)
    for command in (["db", "upgrade"], ["demo"]):
        subprocess.run(
            [sys.executable, "-m", "portal.cli", *command],
            check=True,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            timeout=300,
        )
    return environment


def take(page: Page, name: str) -> None:
    """What stands in the window, in few colours."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    target = PICTURES / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    assert target.stat().st_size < MOST_BYTES, f"{target} is too large"


def desk(page: Page) -> None:
    sign_in(page, "会客厅管理员")
    page.goto("/desk/")


def published(page: Page) -> None:
    page.goto("/cases?outcome=solved&tier=joint")
    page.locator(PUBLISHED).first.click()
    page.wait_for_url("**/cases/B*")


WAYS: dict[str, Callable[[Page], object]] = {
    "home": lambda page: page.goto("/"),
    "appeal-new": lambda page: page.goto("/appeals/new"),
    "desk": desk,
    "case": published,
    "cases": lambda page: page.goto("/cases"),
}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), load(Path(folder))) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, way in WAYS.items():
            with visitor(browser, server, size=DESKTOP) as page:
                way(page)
                take(page, name)
        browser.close()


if __name__ == "__main__":
    main()
