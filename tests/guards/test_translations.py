"""Three languages, complete: what is said in one is said in all."""

import re
from collections.abc import Iterable

import pytest
from babel.messages import Message

from portal.web import catalogues

HOLES = re.compile(r"%\((\w+)\)[sd]")
# Names, marks and letters that are the same in every script.
SAME_IN_ALL = re.compile(r"^[\W\d_]*$|^(Open Lounge|PDF|CSV|XLSX|ID|QR|OK|E-mail|\d+ ?(KB|MB))$")


@pytest.mark.parametrize("locale", catalogues.WRITTEN)
def test_every_message_in_use_is_translated(locale: str) -> None:
    missing = catalogues.missing(locale)
    assert not missing, "\n".join(f"{message!r} ({places[0]})" for message, places in sorted(missing.items()))


def faults(entries: Iterable[Message]) -> list[str]:
    found = []
    for entry in entries:
        sources = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        words = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        for text in words:
            if text in sources and not SAME_IN_ALL.match(text):
                found.append(f"{text!r} is not translated")
            if set(HOLES.findall(text)) - set(HOLES.findall(" ".join(sources))):
                found.append(f"{text!r} has other places to fill than {sources[0]!r}")
            if set(HOLES.findall(sources[-1])) - set(HOLES.findall(text)) - {"num"}:
                found.append(f"{text!r} leaves out what {sources[-1]!r} says")
    return found


@pytest.mark.parametrize("locale", catalogues.WRITTEN)
def test_a_translation_is_not_its_source_and_fills_the_same_places(locale: str) -> None:
    found = faults(catalogues.entries(locale))
    assert not found, "\n".join(found)


def test_the_traditional_catalogues_follow_the_simplified_ones() -> None:
    simplified = {entry.id for entry in catalogues.entries("zh_Hans")}
    traditional = {entry.id for entry in catalogues.entries("zh_Hant")}
    assert simplified == traditional, "run `portal translations hant`"


def test_the_guard_sees_an_untranslated_entry_and_a_lost_place() -> None:
    assert faults([Message("Search", "Search")])
    assert faults([Message("%(n)s cases", "办件")])
    assert faults([Message("Cases", "%(n)s 件")])
    assert not faults([Message("PDF", "PDF"), Message("Cases", "办件")])
