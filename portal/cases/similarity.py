"""Likely repeats: how alike two appeals are in their words. A person decides whether to merge.

`same_body` finds what was sent twice as it was; `fingerprint` and `likeness` what was sent again a little
changed. Appeals about the same problem in other words are found by category, area and search, not here.

A fingerprint keeps the smallest hashes of the text's three-character pieces (a bottom-k sketch): the same
in every process, of bounded size, and good for estimating the share of pieces that two texts have in common.
"""

import re
from hashlib import sha256
from heapq import nsmallest
from struct import unpack_from
from zlib import crc32

from portal.kernel.pairs import fold

PIECE = 3
"""Characters per piece: two are shared by chance too often, four miss small changes."""

SKETCH = 128
"""Hashes kept at most; up to about 130 characters the likeness is exact."""

KEYS = 8
"""Hashes by which fingerprints are looked up."""

LIKELY_REPEAT = 0.3
"""From this likeness on, two appeals are shown as likely repeats.

Among 6,482 real appeals (21 million pairs) 500 pairs reach it; of the dozen read, nearly all were repeats, down
to the threshold, and some the same request about another place.
"""

_ORNAMENT = re.compile(r"[\W_]+")
_WIDTH = 4
"""Bytes per sign in UTF-32, in which every piece is a slice; CRC-32 is the same in every process."""
_SIZE = PIECE * _WIDTH
_PIECES = f"{_SIZE}s"


def bare(text: str) -> str:
    """The letters and digits of a text alone: no punctuation, width, case, spaces or Traditional signs."""
    return bare_of_folded(fold(text))


def bare_of_folded(folded: str) -> str:
    """The same for a text that `pairs.fold` has folded already."""
    return _ORNAMENT.sub("", folded)


def same_body(text: str) -> str:
    """A key that is equal for texts that differ in ornament only; empty when nothing is left to compare."""
    return same_bare(bare(text))


def same_bare(words: str) -> str:
    """The same for words that were laid bare already."""
    return sha256(words.encode("utf-8", "replace")).hexdigest() if words else ""


def fingerprint(text: str) -> frozenset[int]:
    """What is kept of a text for comparing (at most `SKETCH` numbers of 32 bits); empty for no text."""
    return frozenset(sketch(bare(text)))


def sketch(words: str) -> tuple[int, ...]:
    """The numbers of a fingerprint in ascending order, of words that were laid bare already."""
    signs = words.encode("utf-32-le", "replace")
    if len(signs) <= _SIZE:
        return (crc32(signs),) if signs else ()
    hashes: set[int] = set()
    # Pieces that overlap, taken in as many rounds of pieces that do not: cutting is then one call each.
    for start in range(0, _SIZE, _WIDTH):
        count = (len(signs) - start) // _SIZE
        hashes.update(map(crc32, unpack_from(_PIECES * count, signs, start)))
    return tuple(sorted(hashes)[:SKETCH])


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """The estimated share of pieces that two texts have in common: 0 nothing, 1 all."""
    if not one or not other:
        return 0.0
    union = one | other
    smallest = union if len(union) <= SKETCH else nsmallest(SKETCH, union)
    return len(one & other & set(smallest)) / len(smallest)


def lookup_keys(fingerprint: frozenset[int]) -> tuple[int, ...]:
    """The keys to keep in an index: likely repeats share at least one of them, nearly always.

    So only texts that share a key have to be compared.
    """
    return tuple(sorted(fingerprint)[:KEYS])
