"""A moderator imports a table by page and watches it; the server is killed on the way and the import goes on."""

import csv
import re
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import demo_environment, serving, sideways, sign_in, violations, visitor

pytestmark = [pytest.mark.slow, pytest.mark.browser]
ROWS = 6000
MODERATOR = "会客厅管理员"


def table(folder: Path) -> Path:
    path = folder / "旧平台来信.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(["留言编号", "留言主题", "留言详情", "留言时间", "点赞数"])
        for n in range(ROWS):
            out.writerow(
                [n, f"第{n}号井盖松动", f"{n % 89}号楼门口的井盖一踩就响，" * 12, "2019/4/24 8:15", n % 7]
            )
        out.writerow(["x", "", "", "昨天", 1])
    return path


def test_a_table_is_taken_in_while_the_server_is_killed(
    browser: Browser, demo_city: Path, tmp_path: Path
) -> None:
    shutil.copytree(demo_city, tmp_path, dirs_exist_ok=True)
    environment = demo_environment(tmp_path)
    with serving(tmp_path, environment) as server, visitor(browser, server) as page:
        path = begin(page, table(tmp_path))
        page.get_by_role("button", name="导入 6,000 条诉求").click()
        expect(page.get_by_role("status")).to_contain_text("正在导入")
        expect(page.get_by_role("status")).not_to_contain_text("已处理 0 行", timeout=30_000)
        server.child.kill()
        server.child.wait(timeout=20)
    assert 0 < rows_in(tmp_path) < ROWS, "killed in the middle"
    let_the_lease_run_out(tmp_path)
    with serving(tmp_path, environment) as server, visitor(browser, server) as page:
        finish(page, path)


def rows_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "portal.db")) as raw:
        found: int = raw.execute("SELECT count(*) FROM appeal WHERE is_history").fetchone()[0]
    return found


def let_the_lease_run_out(folder: Path) -> None:
    """The dead server has the work for a minute: nobody waits for it here."""
    with closing(sqlite3.connect(folder / "portal.db")) as raw, raw:
        raw.execute("UPDATE timetable SET leased_until = '2020-01-01 00:00:00.000000'")


def begin(page: Page, file: Path) -> str:
    """Send the table and see what the check says."""
    sign_in(page, MODERATOR)
    page.goto("/desk/import")
    assert violations(page) == []
    page.set_input_files("input[type=file]", str(file))
    page.get_by_label("诉求来自哪个渠道").select_option(label="12345 热线")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("status")).to_contain_text("检查完毕", timeout=60_000)
    expect(page.locator("#progress")).to_contain_text(re.compile(r"可导入\s*6,000"))
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert sideways(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    return page.url.split("/", 3)[3]


def finish(page: Page, path: str) -> None:
    """The import goes on by itself once the dead server's lease is over."""
    sign_in(page, MODERATOR)
    page.goto(f"/{path}")
    until = time.monotonic() + 150
    while time.monotonic() < until and "已导入完毕" not in page.locator("#progress").inner_text():
        page.wait_for_timeout(500)
    assert violations(page) == []
    words = " ".join(page.locator("#progress").inner_text().split())
    assert "已导入完毕" in words
    assert "已导入 6,000 作为历史记录" in words
    assert f"共 {ROWS}" not in words
    assert page.locator("#progress table tbody tr").count() == 1
    page.goto("/desk/cases?q=1234号井盖")
    expect(page.locator("main")).to_contain_text("第1234号井盖松动")
