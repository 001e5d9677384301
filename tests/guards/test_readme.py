"""The README's map shows every room of the house, and no room that is not there."""

import re

from tests.guards.source import ROOT


def rooms_on(text: str) -> set[str]:
    table = text.split("## The map of the house")[1].split("##")[0]
    return set(re.findall(r"`((?:portal/)?[a-z]+)`", "\n".join(re.findall(r"^\| (.*?) \|", table, re.M))))


def rooms() -> set[str]:
    top = {"sessions", "templates", "static", "tests", "bench", "deploy", "docs"}
    inside = {f"portal/{path.name}" for path in (ROOT / "portal").iterdir() if path.is_dir()}
    return top | {room for room in inside if not room.endswith("__")}


def test_the_map_is_the_house() -> None:
    assert rooms_on((ROOT / "README.md").read_text()) == rooms()


def test_the_guard_sees_a_missing_room() -> None:
    text = (ROOT / "README.md").read_text().replace("`portal/ledger`", "`portal/cellar`")
    assert rooms_on(text) ^ rooms() == {"portal/ledger", "portal/cellar"}


def test_what_the_readme_points_to_is_there() -> None:
    for name in ("README.md", "README.zh.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / name).read_text()):
            if not target.startswith("docs/pictures/"):
                assert (ROOT / target).exists(), f"{name} points to {target}"
