"""Keys of the page cache: requests that share a key are the same request to the app, and nothing blows it up."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web import language
from portal.web.pagekey import PageKeys, canonical, narrow

KEYS = PageKeys("zh_Hans", ("signin",))
NAMES = st.sampled_from(["q", "unit", "tag", "lang", "utm_source", "fbclid", "from"])
VALUES = st.sampled_from(["", "a", "b", "%E6%B0%B4", "%e6%b0%b4", "x+y", "en", "zh_Hans"])
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=5).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
HEADERS = {
    "HTTP_HX_REQUEST": st.sampled_from(["true", "true", "false", "1"]),
    "HTTP_HX_TARGET": st.sampled_from(["list", "pager"]),
    "HTTP_HX_HISTORY_RESTORE_REQUEST": st.just("true"),
    "HTTP_HX_CURRENT_URL": st.text("abc", max_size=3),
    "HTTP_HX_TRIGGER": st.text("abc", max_size=3),
    "HTTP_ACCEPT_LANGUAGE": st.sampled_from(["en", "en-GB", "zh-TW", "fr"]),
    "HTTP_HX_TARGET_URI_AUTOENCODED": st.just("true"),
    "HTTP_COOKIE": st.sampled_from(["lang=en", "lang=en x", "lang=zh_Hant; a=b", "a=b", "asignin=1"]),
}


@st.composite
def requests(draw):
    environ = {
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "x",
        "PATH_INFO": draw(st.sampled_from(["/", "/cases"])),
    }
    environ["QUERY_STRING"] = draw(QUERIES)
    for name, values in HEADERS.items():
        if draw(st.booleans()):
            environ[name] = draw(values)
    return environ


def what_the_app_sees(environ, key):
    """All that a public view may depend on."""
    seen = dict(environ)
    narrow(seen, key)
    restored = seen.get("HTTP_HX_HISTORY_RESTORE_REQUEST") == "true" and "HTTP_HX_REQUEST" in seen
    region = "restored" if restored else seen.get("HTTP_HX_TARGET") if "HTTP_HX_REQUEST" in seen else None
    others = {name for name in seen if name.startswith("HTTP_HX_")} - set(HEADERS)
    assert not others
    assert "HTTP_HX_CURRENT_URL" not in seen and "HTTP_HX_TRIGGER" not in seen
    assert "HTTP_HX_TARGET_URI_AUTOENCODED" not in seen
    assert seen.get("HTTP_HX_REQUEST") in (None, "true")
    return seen["PATH_INFO"], seen["QUERY_STRING"], region, seen[language.KEYED]


@given(requests(), requests())
def test_requests_with_one_key_are_one_request_to_the_app(one, other):
    first, second = KEYS.key(one), KEYS.key(other)
    if first is not None and first == second:
        assert what_the_app_sees(one, first) == what_the_app_sees(other, second)
        assert first.locale == second.locale


@given(QUERIES)
def test_what_a_query_asks_for_is_kept(query):
    found = canonical(query)
    assert found is not None
    asked = [
        pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in ("utm_source", "fbclid")
    ]
    assert parse_qsl(found[0], keep_blank_values=True) == sorted(asked, key=lambda pair: pair[0])
    assert canonical(found[0]) == found


@pytest.mark.parametrize("cookie", ["signin=1", "a=b; signin=1", "a=b;signin=", "signin =1"])
def test_a_sign_in_is_noticed_however_it_is_written(cookie):
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "x", "PATH_INFO": "/", "HTTP_COOKIE": cookie}
    assert KEYS.key(environ) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("PATH_INFO", "/" + "a" * 300), ("HTTP_HOST", "a" * 100), ("HTTP_HX_TARGET", "a" * 100)],
)
def test_what_is_too_long_for_a_key_is_answered_by_the_app(name, value):
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "x", "PATH_INFO": "/", "HTTP_HX_REQUEST": "true"}
    assert KEYS.key(environ | {name: value}) is None
