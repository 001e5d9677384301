"""Content encodings: which one a client takes, and how bytes are packed. Pages and static files share it."""

import gzip
from functools import lru_cache
from typing import Final

import brotli

IDENTITY: Final = ""
SMALLEST: Final = 256
_PREFERRED: Final = ("br", "gzip")


@lru_cache(maxsize=256)
def negotiate(accept: str) -> str:
    """The encoding for an Accept-Encoding header: `br`, `gzip` or identity (the empty string)."""
    weights: dict[str, float] = {}
    for part in accept[:200].lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    for name in _PREFERRED:
        if weights.get(name, weights.get("*", 0.0)) > 0:
            return name
    return IDENTITY


def pack(body: bytes, encoding: str, *, best: bool = False) -> bytes:
    """`body` in that encoding; `best` for what is packed once and kept for the life of the process."""
    if encoding == "br":
        packed: bytes = brotli.compress(body, quality=9 if best else 5)
        return packed
    if encoding == "gzip":
        return gzip.compress(body, compresslevel=9 if best else 6, mtime=0)
    return body


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
