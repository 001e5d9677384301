"""What makes two requests for a public page the same: the key of the page cache.

What is not in the key does not reach the app either: a request that may be answered from the cache is
handed on with exactly the query and language that were keyed, and without the htmx headers that were not.
So nobody can have a page stored that was made from something only they sent.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from portal.web import language

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LONGEST_PATH: Final = 256
LONGEST_QUERY: Final = 512
MOST_PARAMETERS: Final = 24
LONGEST_HEADER: Final = 96

_TRACKING: Final = frozenset({"fbclid", "gclid", "isappinstalled", "msclkid", "nsukey", "spm"})
_REQUEST: Final = "HTTP_HX_REQUEST"
_TARGET: Final = "HTTP_HX_TARGET"
_RESTORE: Final = "HTTP_HX_HISTORY_RESTORE_REQUEST"
_RESTORED: Final = "restore"
_LANG_COOKIE: Final = re.compile(rf'(?:^|;)\s*{language.COOKIE}\s*=\s*"?([^;"\s]*)')


class PageKey(NamedTuple):
    scheme: str
    host: str
    path: str
    query: str
    locale: str
    region: str
    """The htmx target, `restore` for a history restore, empty for a plain page."""


class PageKeys:
    """Makes keys; knows which cookies make a request private and which language is the default."""

    def __init__(self, default_locale: str, private_cookies: Collection[str]) -> None:
        self.default_locale = default_locale
        names = "|".join(re.escape(name) for name in sorted(private_cookies)) or r"(?!)"
        self._private = re.compile(rf"(?:^|;)\s*(?:{names})\s*=")

    def key(self, environ: "WSGIEnvironment") -> PageKey | None:
        """The key of a GET or HEAD, or None when it must be answered by the app itself."""
        get = environ.get
        cookie = get("HTTP_COOKIE")
        if (cookie and self._private.search(cookie)) or "HTTP_AUTHORIZATION" in environ:
            return None
        path, host, region = environ["PATH_INFO"], get("HTTP_HOST", ""), _region(environ)
        if len(path) > LONGEST_PATH or len(host) > LONGEST_HEADER or len(region) > LONGEST_HEADER:
            return None
        parsed = canonical(get("QUERY_STRING", ""))
        if parsed is None:
            return None
        query, wanted = parsed
        chosen = _chosen(cookie)
        if wanted in language.LOCALES and wanted != chosen:
            return None
        locale = language.resolve(wanted, chosen, get("HTTP_ACCEPT_LANGUAGE"), self.default_locale)
        return PageKey(environ["wsgi.url_scheme"], host, path, query, locale, region)


def narrow(environ: "WSGIEnvironment", key: PageKey) -> None:
    """Leave in the request only what the key knows, before the app renders the page."""
    environ["QUERY_STRING"] = key.query
    environ[language.KEYED] = key.locale
    keyed = _keyed_headers(key.region)
    for name in [name for name in environ if name.startswith("HTTP_HX_") and name not in keyed]:
        del environ[name]


def _keyed_headers(region: str) -> tuple[str, ...]:
    if not region:
        return ()
    return (_REQUEST, _RESTORE) if region == _RESTORED else (_REQUEST, _TARGET)


@lru_cache(maxsize=4096)
def canonical(raw: str) -> tuple[str, str | None] | None:
    """The query in one form, with its first `lang`; None when it is too long or odd to be kept."""
    if not raw:
        return "", None
    if len(raw) > LONGEST_QUERY or not raw.isascii():
        return None
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return None
    kept = [(name, value) for name, value in pairs if not _is_tracking(name)]
    kept.sort(key=lambda pair: pair[0])
    wanted = next((value for name, value in kept if name == language.PARAMETER), None)
    return urlencode(kept), wanted


def _is_tracking(name: str) -> bool:
    return name.startswith("utm_") or name in _TRACKING


def _chosen(cookie: str | None) -> str | None:
    """The remembered language. A wish (`?lang=`) that differs from it goes to the app, which remembers it."""
    found = _LANG_COOKIE.search(cookie) if cookie else None
    return found[1] if found else None


def _region(environ: "WSGIEnvironment") -> str:
    if environ.get(_REQUEST) != "true":
        return ""  # for the app, too, it is a plain page
    if environ.get(_RESTORE) == "true":
        return _RESTORED
    return "#" + str(environ.get(_TARGET, ""))
