"""Names of units, categories and areas in the reader's language, marked with their own where that is another."""

from markupsafe import Markup

from portal.publishing.queries.choices import Choice, Choices
from portal.publishing.values import PublicUnit
from portal.web.locale import HTML_LANG, current

CONTENT_LANG = "zh-Hans"
"""What names and texts of the city are written in."""

_MARKED = Markup('<span lang="%s">%s</span>')


def marked(text: str, lang: str = CONTENT_LANG) -> Markup:
    """A text of the city, marked with its language unless the page around it has the same."""
    return Markup.escape(text) if HTML_LANG[current()] == lang else _MARKED % (lang, text)


def choice(found: Choice | None, *, short: bool = False) -> Markup:
    """A unit, category or area by name."""
    if found is None:
        return Markup()
    if current() == "en" and found.name_en:
        return Markup.escape(found.name_en)
    return marked(found.short_name if short else found.name)


def unit(choices: Choices, there: PublicUnit | None) -> Markup:
    """A unit as it was called when it was written down; in English by its present English name."""
    if not there:
        return Markup()
    found = choices.unit.get(there["id"])
    if found is not None and current() == "en" and found.name_en:
        return Markup.escape(found.name_en)
    return marked(there["name"])
