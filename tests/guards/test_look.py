"""Rules of the look that hold for every template and style sheet."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
ISLANDS = sorted((ROOT / "static" / "js").glob("*.js"))
FIRST_VIEW = 60_000  # bytes, compressed: style sheets and scripts of a public page


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_names_only_shapes_that_are_drawn(path: Path) -> None:
    drawn = set(re.findall(r"^  \('([a-z]+)', 'M", (ROOT / "templates/macros/icons.html").read_text(), re.M))
    used = set(re.findall(r"\bicon\('([a-z]+)'\)", path.read_text("utf-8")))
    assert drawn
    assert used <= drawn, "draw the shape in templates/macros/icons.html"


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_style_sheet_takes_its_colours_from_the_tokens(path: Path) -> None:
    if path.name == "tokens.css":
        return
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert not re.findall(r":[^;{}]*#[0-9a-f]{3,8}\b", text), (
        "name the colour in tokens.css: dark mode and print need it"
    )
    assert text.lstrip().startswith("@layer"), (
        "put rules in a layer, or they outrank print and forced colours"
    )


def test_styles_and_scripts_of_a_public_page_stay_small() -> None:
    layouts = (ROOT / "templates/layouts/base.html").read_text() + (
        ROOT / "templates/layouts/public.html"
    ).read_text()
    files = [ROOT / "static" / f for f in re.findall(r"static_url\('([^']+\.(?:css|js))'\)", layouts)]
    sizes = {name(f): len(gzip.compress(f.read_bytes(), 9)) for f in [*files, *ISLANDS]}
    assert len(files) >= 6
    assert sum(sizes.values()) <= FIRST_VIEW, sizes


@pytest.mark.parametrize("path", ISLANDS, ids=name)
def test_an_island_stays_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 60, (
        "a page works without scripts; an island only adds comfort"
    )
