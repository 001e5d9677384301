"""Which language a request is answered in: one pure rule for the app and for the page cache.

The page cache stands in front of Flask and must come to the same answer as the app, so both call
`resolve`. Nothing here knows Flask, and nothing here remembers a choice (the app sets the cookie).
"""

from functools import lru_cache
from typing import Final

LOCALES: Final = ("zh_Hans", "zh_Hant", "en")
PARAMETER: Final = "lang"
COOKIE: Final = "lang"
KEYED: Final = "portal.locale"
"""In the environ of a request whose answer may be kept: the language that it is kept under."""
LONGEST_ACCEPT: Final = 200

_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})


def resolve(query: str | None, cookie: str | None, accept: str | None, default: str) -> str:
    """Return the locale: `?lang=`, else the cookie, else Accept-Language, else the default.

    A value that names no locale of ours is passed over, never an error.
    """
    if query in LOCALES:
        return query
    if cookie in LOCALES:
        return cookie
    if accept:
        return from_accept(accept[:LONGEST_ACCEPT]) or default
    return default


@lru_cache(maxsize=512)
def from_accept(header: str) -> str | None:
    """Return the locale that the header prefers, or None when it names none of ours."""
    best: tuple[float, str] | None = None
    for part in header.split(","):
        tag, _, parameters = part.partition(";")
        locale = from_tag(tag)
        weight = _weight(parameters)
        if locale and weight > 0 and (best is None or weight > best[0]):
            best = (weight, locale)
    return best[1] if best else None


def from_tag(tag: str) -> str | None:
    """Map one language tag (`zh-Hant-HK`, `zh-CN`, `en-GB`) to a locale of ours."""
    parts = tag.strip().lower().replace("_", "-").split("-")
    if parts[0] == "en":
        return "en"
    if parts[0] != "zh":
        return None
    if "hans" in parts[1:]:
        return "zh_Hans"
    return "zh_Hant" if _TRADITIONAL.intersection(parts[1:]) else "zh_Hans"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
