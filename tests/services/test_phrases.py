"""Phrases in templates: the words Flask-Babel would give, in the language of the moment, escaped."""

import flask_babel
import pytest
from babel.messages.pofile import read_po
from flask import g
from markupsafe import Markup

from portal.web import catalogues, phrases

LOCALES = ("zh_Hans", "zh_Hant", "en")


def every_message():
    for path in sorted((catalogues.FOLDER / "zh_Hans/LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and message.id:
                    yield message.id


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_is_the_one_of_the_catalogue(app, locale):
    with app.test_request_context(f"/?lang={locale}"):
        book = phrases.book()
        assert book.locale == locale
        for message in every_message():
            assert book.text(message) == flask_babel.get_translations().ugettext(message)


def render(app, source, **values):
    template = app.jinja_env.from_string(source)
    template.environment.autoescape = True
    return template.render(**values)


def test_what_fills_a_hole_is_escaped_and_the_phrase_is_not(app):
    with app.test_request_context("/?lang=en"):
        shown = render(app, "{{ _('%(city)s %(site)s', city=city, site='b') }}", city="<i>")
        assert shown == "&lt;i&gt; b"
        assert isinstance(phrases.book().ready("Search"), Markup)
        assert render(app, "{% trans n=n %}{{ n }} of 100%{% endtrans %}", n="<") == "&lt; of 100%"
        assert render(app, "{% trans n=2 %}one{% pluralize %}{{ n }} things{% endtrans %}") == "2 things"


def test_the_language_may_change_within_a_request(app):
    with app.test_request_context("/?lang=en"):
        assert render(app, "{{ _('(optional)') }}") == "(optional)"
        with flask_babel.force_locale("zh_Hans"):
            assert render(app, "{{ _('(optional)') }}") == "（可不填）"
        assert render(app, "{{ _('(optional)') }}") == "(optional)"


def test_outside_a_request_the_language_is_the_one_that_was_set(app):
    with app.app_context():
        g.locale = "zh_Hant"
        assert phrases.book().locale == "zh_Hant"


def test_words_that_are_not_in_the_catalogue_stay_and_do_not_fill_the_memory(app):
    with app.test_request_context("/?lang=en"):
        book = phrases.book()
        for number in range(phrases.MOST_KEPT + 10):
            assert book.text(f"unheard of {number}") == f"unheard of {number}"
        assert len(book._texts) <= phrases.MOST_KEPT
