"""Three languages, complete: what is said in one is said in all."""

import re
from collections.abc import Iterable, Mapping

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


def twice(catalogues_by_name: Mapping[str, Iterable[Message]]) -> list[str]:
    """Messages that stand in more than one catalogue: of two wordings, the reader would get either."""
    places: dict[str, list[str]] = {}
    for name, messages in catalogues_by_name.items():
        for entry in messages:
            places.setdefault(entry.id[0] if isinstance(entry.id, tuple) else entry.id, []).append(name)
    return [f"{message!r} in {', '.join(names)}" for message, names in places.items() if len(names) > 1]


@pytest.mark.parametrize("locale", catalogues.WRITTEN)
def test_each_message_stands_in_one_catalogue_of_a_language(locale: str) -> None:
    parts = {
        path.stem: [m for m in catalogues.read(path, locale) if m.id] for path in catalogues.parts(locale)
    }
    found = twice(parts)
    assert not found, "move these to shared.po, or choose another English wording:\n" + "\n".join(found)


def test_the_guard_sees_a_message_of_two_catalogues() -> None:
    assert twice({"a": [Message("Go on", "继续")], "b": [Message("Go on", "下一步")]})
    assert twice({"a": [Message("Kind", "类型")], "b": [Message("Kind", "类型")]})
    assert twice(
        {"a": [Message(("%(num)s day", "%(num)s days"), ("天",))], "b": [Message("%(num)s day", "日")]}
    )
    assert not twice({"a": [Message("Go on", "继续")], "b": [Message("Go", "去")]})


def test_the_guard_sees_an_untranslated_entry_and_a_lost_place() -> None:
    assert faults([Message("Search", "Search")])
    assert faults([Message("%(n)s cases", "办件")])
    assert faults([Message("Cases", "%(n)s 件")])
    assert not faults([Message("PDF", "PDF"), Message("Cases", "办件")])
