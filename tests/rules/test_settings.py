"""What an operator may choose, and what stops the start with words that say what to change."""

import pytest

from portal.settings import UnsafeSettings, load

SECRETS = {
    "PORTAL_SECRET_KEY": "a secret of enough letters",
    "PORTAL_CODE_KEY": "a code key of enough letters",
    "PORTAL_DATA_KEYS": "MDEyMzQ1Njc4OWFiY2RlZg==",
}


@pytest.fixture
def given(monkeypatch):
    """Set the portal's environment to exactly these values."""

    def put(**values: str) -> None:
        for name in ("DEMO", "SITE_NAME", "SITE_NAME_EN", "CITY_NAME"):
            monkeypatch.delenv(f"PORTAL_{name}", raising=False)
        for name, value in (SECRETS | {f"PORTAL_{name}": value for name, value in values.items()}).items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("chosen", "chinese", "english"),
    [
        ({}, "开放会客厅", "Open Lounge"),  # the demonstration's own, in each language
        ({"SITE_NAME": "徐州会客厅"}, "徐州会客厅", "徐州会客厅"),  # one name for everybody
        ({"SITE_NAME": "徐州会客厅", "SITE_NAME_EN": "Xuzhou Lounge"}, "徐州会客厅", "Xuzhou Lounge"),
        ({"SITE_NAME_EN": "Xuzhou Lounge"}, "开放会客厅", "Xuzhou Lounge"),
    ],
)
def test_the_portal_has_a_name_in_every_language(given, chosen, chinese, english):
    given(**chosen)
    found = load().site_name
    assert (found["zh_Hans"], found["en"]) == (chinese, english)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "short", "PORTAL_SECRET_KEY must have at least 16 characters"),
        ("CODE_KEY", "short", "PORTAL_CODE_KEY must have at least 16 characters"),
        ("SECRET_KEY", "", "are required outside the demonstration"),
        ("DATA_KEYS", "c2hvcnQ=", "cannot be read"),
        ("DEFAULT_LOCALE", "fr", "PORTAL_DEFAULT_LOCALE must be one of"),
        ("LOG_FORMAT", "xml", "PORTAL_LOG_FORMAT must be text or json"),
        ("TIMEZONE", "Mars/Olympus", "cannot be read"),
        ("DATABASE_URL", "mysql://portal", "must begin with sqlite: or postgresql:"),
        ("DATABASE_URL", "sqlite://", "needs a file"),
        ("DATABASE_URL", "nonsense", "is not an address"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy", "'proxy' is neither an address nor a network"),
        ("MAX_ATTACHMENTS", "many", "cannot be read"),
    ],
)
def test_an_unsafe_setting_stops_the_start(given, name, value, words):
    given(**{name: value})
    with pytest.raises(UnsafeSettings, match=words):
        load()


def test_every_fault_is_said_at_once(given):
    given(SECRET_KEY="short", LOG_FORMAT="xml")
    with pytest.raises(UnsafeSettings, match=r"SECRET_KEY .*; PORTAL_LOG_FORMAT"):
        load()
