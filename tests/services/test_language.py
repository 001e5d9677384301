"""Which language a request is answered in."""

import pytest

from portal.kernel.errors import PortalError
from portal.web import catalogues
from portal.web.language import from_accept, resolve


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "locale"),
    [
        (None, None, None, "zh_Hans"),  # nothing said: the portal's own
        ("en", "zh_Hant", "zh-CN", "en"),  # the wish in the address wins
        (None, "zh_Hant", "en", "zh_Hant"),  # then what was remembered
        (None, None, "en-GB,en;q=0.9,zh;q=0.8", "en"),  # then the browser
        ("xx", "yy", "fr", "zh_Hans"),  # what names no language of ours is passed over
        ("xx", None, "en", "en"),
        (None, None, "fr;q=1, zh-TW;q=0.4, en;q=0.3", "zh_Hant"),
    ],
)
def test_the_language_is_the_first_that_is_said(query, cookie, accept, locale):
    assert resolve(query, cookie, accept, "zh_Hans") == locale


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("zh", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh-SG", "zh_Hans"),
        ("zh-HK", "zh_Hant"),
        ("zh-Hant-CN", "zh_Hant"),
        ("zh-Hans-TW", "zh_Hans"),  # the script is said, so the place does not matter
        ("en;q=0", None),  # not wanted at all
        ("en;q=rubbish", None),
        ("*", None),
        (";;;,,,q=", None),
        ("en;q=0.5,zh;q=0.5", "en"),  # equal: the first
    ],
)
def test_a_browser_may_say_it_in_many_ways(header, locale):
    assert from_accept(header) == locale


def test_a_server_that_may_not_compile_its_words_says_what_to_do(monkeypatch, tmp_path):
    part = tmp_path / "zh_Hans" / "LC_MESSAGES" / "one.po"
    part.parent.mkdir(parents=True)
    part.write_text('msgid "Case"\nmsgstr "办件"\n')
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    monkeypatch.setattr(catalogues, "WRITTEN", ("zh_Hans",))
    monkeypatch.setattr(catalogues.os, "access", lambda *_: False)
    with pytest.raises(PortalError, match="run `portal translations compile`"):
        catalogues.compile_stale()
    monkeypatch.undo()
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    monkeypatch.setattr(catalogues, "WRITTEN", ("zh_Hans",))
    catalogues.compile_stale()
    assert part.with_name("messages.mo").exists()
