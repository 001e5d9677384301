"""The reader's language, and Babel set up with our catalogues."""

from urllib.parse import urlencode

from flask import Flask, current_app, g, request
from flask_babel import Babel
from werkzeug.wrappers import Response

from portal.settings import LOCALES
from portal.web import catalogues, language, phrases

HTML_LANG = {"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en"}
LABELS = {"zh_Hans": "简体", "zh_Hant": "繁體", "en": "English"}
YEAR = 365 * 24 * 3600


def init_app(app: Flask, default: str, timezone: str) -> None:
    """Register Babel, the language parameter and its cookie."""
    catalogues.compile_stale()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(catalogues.FOLDER)
    app.config["PORTAL_DEFAULT_LOCALE"] = default
    Babel(app, default_locale=default, default_timezone=timezone, locale_selector=select)
    phrases.init_app(app)

    @app.after_request
    def remember(response: Response) -> Response:
        chosen = request.args.get(language.PARAMETER)
        if chosen in LOCALES and chosen != request.cookies.get(language.COOKIE):
            response.set_cookie(language.COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
        return response


def select() -> str:
    """The locale of this request: what the page cache resolved, else `?lang=`, the cookie, Accept-Language,
    the default."""
    if forced := g.get("locale") or request.environ.get(language.KEYED):
        return str(forced)
    return language.resolve(
        request.args.get(language.PARAMETER),
        request.cookies.get(language.COOKIE),
        request.headers.get("Accept-Language"),
        current_app.config["PORTAL_DEFAULT_LOCALE"],
    )


def current() -> str:
    """The locale in use, e.g. `zh_Hans`."""
    locale = phrases.book().locale
    return locale if locale in LOCALES else current_app.config["PORTAL_DEFAULT_LOCALE"]


def choices() -> list[dict[str, object]]:
    """The languages with addresses that keep the page and its filters."""
    here, path, rest = current(), "/", ""
    if request.method == "GET":
        path = request.path
        rest = urlencode([pair for pair in request.args.items(multi=True) if pair[0] != language.PARAMETER])
    start = f"{path}?{rest}&" if rest else f"{path}?"
    return [
        {
            "code": code,
            "label": LABELS[code],
            "lang": HTML_LANG[code],
            "url": f"{start}{language.PARAMETER}={code}",
            "current": code == here,
        }
        for code in LOCALES
    ]
