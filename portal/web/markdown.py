"""The office's formatted words: Markdown drawn without HTML, pictures or unsafe links."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

_DRAWER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@lru_cache(maxsize=256)
def drawn(source: str) -> Markup:
    """HTML that is safe to show: what is HTML in the source is shown as text, not run."""
    return Markup(_DRAWER.render(source))
