"""The options of the filter form, written once per language and state of the lists: a city has hundreds of units."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from markupsafe import Markup, escape

from portal.publishing.names import CONTENT_LANG
from portal.publishing.queries.choices import Choice, Choices
from portal.web.locale import HTML_LANG, current

_written: WeakKeyDictionary[Choices, dict[tuple[str, str], Markup]] = WeakKeyDictionary()


def options(choices: Choices, facet: str, chosen: str) -> Markup:
    """The `<option>` elements of one facet, the chosen one marked."""
    kept = _written.setdefault(choices, {})
    key = (facet, current())
    html = kept.get(key)
    if html is None:
        html = kept[key] = Markup("").join(_options(choices, facet))
    found = choices.get(facet, chosen) if chosen else None
    if found is None:
        return html
    start = f'<option value="{escape(found.code)}"'
    return Markup(html.replace(start, f"{start} selected", 1))


def _options(choices: Choices, facet: str) -> Iterator[Markup]:
    here = HTML_LANG[current()]
    for choice in choices.tree(facet).values():
        if choice.offered:
            yield _option(choice, here)


def _option(choice: Choice, here: str) -> Markup:
    if here == "en" and choice.name_en:
        return Markup('<option value="%s">%s</option>') % (choice.code, choice.name_en)
    lang = Markup("") if here == CONTENT_LANG else Markup(' lang="%s"') % CONTENT_LANG
    return Markup('<option value="%s"%s>%s</option>') % (choice.code, lang, choice.name)
