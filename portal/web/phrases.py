"""Phrases for templates and filters: what `_()`, `{% trans %}` and `|t` call.

The same words that Flask-Babel would give, found faster: a list page prints some hundred phrases, and
asking anew at each which language it is took a third of the page's processor time. One `Book` per
language, kept for the life of the process; Flask-Babel still decides on the language.
"""

from typing import Any, Final

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

MOST_KEPT: Final = 20_000


class Book:
    """One language's phrases, ready to be printed."""

    def __init__(self, locale: str, translations: NullTranslations) -> None:
        self.locale = locale
        self._translations = translations
        self._texts: dict[str, str] = {}
        self._ready: dict[str, Markup] = {}

    def text(self, message: str) -> str:
        """The phrase as it stands in the catalogue, holes included."""
        found = self._texts.get(message)
        if found is None:
            if len(self._texts) >= MOST_KEPT:
                self._texts.clear()
                self._ready.clear()
            found = self._texts[message] = self._translations.ugettext(message)
        return found

    def ready(self, message: str) -> Markup | None:
        """The phrase for a page, if it has no holes to fill."""
        found = self._ready.get(message)
        if found is None and "%" not in self.text(message):
            found = self._ready[message] = Markup(self.text(message))
        return found

    def plural(self, singular: str, plural: str, number: int) -> str:
        """The form of the phrase for that many."""
        chosen: str = self._translations.ungettext(singular, plural, number)
        return chosen


_books: dict[str, Book] = {}


def book() -> Book:
    """The phrases of the language in use."""
    try:
        space = g._flask_babel
        locale, kept = space.portal_book
        if locale is space.babel_locale:
            found: Book = kept
            return found
    except (AttributeError, RuntimeError):
        pass  # the first phrase of this request, or none is going on
    return _open(get_locale())


def _open(locale: Any) -> Book:
    name = str(locale or "")
    found = _books.get(name)
    if found is None:
        found = _books[name] = Book(name, get_translations())
    if locale is not None:
        g._flask_babel.portal_book = (locale, found)
    return found


def init_app(app: Flask) -> None:
    """Give the templates our functions in place of Flask-Babel's; after Babel was set up."""
    _books.clear()
    app.jinja_env.globals.update({"_": _gettext, "gettext": _gettext, "ngettext": _ngettext})


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **holes: Any) -> str:
    here = book()
    if context.autoescape:
        ready = here.ready(message)
        return ready if ready is not None else Markup(here.text(message)) % holes
    return here.text(message) % holes


@pass_eval_context
def _ngettext(context: EvalContext, singular: str, plural: str, number: int, /, **holes: Any) -> str:
    chosen = book().plural(singular, plural, number)
    holes.setdefault("num", number)
    return Markup(chosen) % holes if context.autoescape else chosen % holes
