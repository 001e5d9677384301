"""Text to search terms: overlapping pairs of Han characters, other words and numbers whole.

Both sides go through here: what is indexed (`index_text`, one column) and what is asked (`fts5_query`,
`tsquery`). The terms hold only letters and digits, so no input can speak the query languages.

A run of Han characters becomes its pairs and then its last character alone: 地铁站 → 地铁 铁站 站. So
every character begins exactly one term. A phrase of two or more characters is found as adjacent pairs, and a
single character as the beginning of a term. A dictionary segmenter was tried and missed terms.

Traditional characters count as their Simplified ones, on both sides and one by one: opencc's phrase rules
depend on the neighbours, so that a word in a query could fold otherwise than the same word in a document.
Folding costs about a fifth of the indexing time (1.1 million characters: 0.35 s in all).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from operator import add

INDEX_VERSION = 1
"""To be raised when terms change; an index of another version has to be built again."""

LONGEST_WORD = 64
"""Longer words are cut on both sides: PostgreSQL refuses words over 2,046 bytes."""

MAX_QUERY_CHARS = 200
"""What is read of a query; nobody means more."""

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]").match
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_COMBINING = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """The text as searching sees it: without width, case, accents, invisible and Traditional characters."""
    simple = _simple()
    text = _INVISIBLE.sub("", text).translate(simple)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).translate(simple)
    text = text.casefold()
    if _ACCENTED.search(text):
        text = unicodedata.normalize("NFKC", _COMBINING.sub("", unicodedata.normalize("NFKD", text)))
    return text


@lru_cache(maxsize=1)
def _simple() -> dict[int, str]:
    """What has one simple character to stand for it: Traditional ones, and the full-width punctuation of every
    Chinese text, which then rarely needs the slow way through NFKC."""
    wide = {code: unicodedata.normalize("NFKC", chr(code)) for code in (0x3000, *range(0xFF01, 0xFF5F))}
    return wide | _simplified()


def _simplified() -> dict[int, str]:
    """Code point of a Traditional character → its Simplified one; made from opencc."""
    from opencc import OpenCC

    ranges = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2FA20))
    characters = [chr(code) for first, end in ranges for code in range(first, end)]
    simple = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simple, strict=True)
    return {ord(character): other for character, other in pairs if character != other and len(other) == 1}


def index_terms(text: str) -> list[str]:
    """The terms of a text in their order, as they are indexed."""
    return _terms(_RUNS.findall(fold(text)))


def _terms(runs: list[str]) -> list[str]:
    terms: list[str] = []
    for run in runs:
        if _IS_HAN(run):
            terms.extend(map(add, run, run[1:]))
            terms.append(run[-1])
        else:
            terms.append(run[:LONGEST_WORD])
    return terms


def index_text(text: str) -> str:
    """The terms joined by spaces: what the search column holds."""
    return " ".join(index_terms(text))


def index_folded(folded: str) -> str:
    """The same for a text that `fold` has folded already."""
    return " ".join(_terms(_RUNS.findall(folded)))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that stand side by side; `open_end`: the last one is only the beginning of a term."""

    terms: tuple[str, ...]
    open_end: bool = False


def query_phrases(query: str) -> tuple[Phrase, ...]:
    """The phrases a query asks for, all of which must occur; what is parted by spaces may stand apart.

    Punctuation inside a phrase parts its runs as it does in documents.
    """
    folded = (fold(part) for part in query[:MAX_QUERY_CHARS].split())
    found = (_phrase(_RUNS.findall(part)) for part in folded)
    return tuple(dict.fromkeys(phrase for phrase in found if phrase.terms))


def _phrase(runs: list[str]) -> Phrase:
    terms = tuple(_terms(runs))
    if not runs or not _IS_HAN(runs[-1]):
        return Phrase(terms)
    if len(runs[-1]) == 1:
        return Phrase(terms, open_end=True)
    return Phrase(terms[:-1])


def query_terms(query: str) -> list[str]:
    """All terms of a query in their order; empty when there is nothing to search for."""
    return [term for phrase in query_phrases(query) for term in phrase.terms]


def fts5_query(query: str) -> str | None:
    """For `MATCH` in SQLite's FTS5 with `unicode61`; None when there is nothing to search for."""
    parts = (f'"{" ".join(phrase.terms)}"{"*" * phrase.open_end}' for phrase in query_phrases(query))
    return " AND ".join(parts) or None


def tsquery(query: str) -> str | None:
    """For `to_tsquery('simple', …)` in PostgreSQL; None when there is nothing to search for."""
    parts = (f"({' <-> '.join(phrase.terms)}{':*' * phrase.open_end})" for phrase in query_phrases(query))
    return " & ".join(parts) or None
