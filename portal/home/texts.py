"""The portal's own text pages (about, help, privacy, accessibility): Markdown files per language, no HTML inside."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from portal.web.markdown import drawn

FOLDER = Path(__file__).parent / "texts"
PAGES = ("about", "help", "privacy", "accessibility")


@dataclass(frozen=True)
class TextPage:
    """A page: its title and its body, drawn."""

    title: str
    body: Markup


@cache
def text_page(name: str, locale: str, city: str) -> TextPage:
    """One page in a language; `{city}` in the text is the city's name."""
    source = (FOLDER / f"{name}.{locale}.md").read_text(encoding="utf-8").replace("{city}", city)
    title, _, body = source.partition("\n")
    return TextPage(title.removeprefix("# ").strip(), drawn(body))
