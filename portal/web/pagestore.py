"""Rendered pages kept in memory: entries with their packed variants, and a store bounded by bytes.

The store is a segmented LRU: a page asked for once waits in the outer part and is moved inward when it
is asked for again. A crawl (or a flood of odd queries) pushes out only what nobody asked for twice.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Event
from typing import Final

from portal.web import encodings

CACHE_CONTROL: Final = "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
VARY: Final = "Accept-Encoding, Accept-Language, Cookie, HX-Request, HX-Target, HX-History-Restore-Request"
_OVERHEAD: Final = 2048
_REWRITTEN: Final = frozenset(
    {"cache-control", "content-encoding", "content-length", "date", "etag", "expires", "pragma", "vary"}
)

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of a page, ready to send."""

    headers: Headers
    short_headers: Headers
    """For a 304."""
    body: bytes


@dataclass(slots=True, eq=False)
class Entry:
    """A page as it was rendered at `stamp` (data version and day), begun at a monotonic time."""

    stamp: Hashable
    begun: float
    headers: Headers
    body: bytes
    route: str
    digest: str
    variants: dict[str, Variant] = field(default_factory=dict)
    rendering: Event | None = None
    """Set while one request renders the successor; the others wait for it instead of doing it too."""

    @classmethod
    def make(cls, stamp: Hashable, begun: float, headers: Headers, body: bytes, route: str) -> "Entry":
        kept = [(name, value) for name, value in headers if name.lower() not in _REWRITTEN]
        return cls(stamp, begun, kept, body, route, blake2b(body, digest_size=12).hexdigest())

    @property
    def size(self) -> int:
        return _OVERHEAD + len(self.body) + sum(len(variant.body) for variant in self.variants.values())

    def variant(self, encoding: str) -> Variant:
        """That encoding of the page, packed when it is first asked for."""
        found = self.variants.get(encoding)
        if found is None:
            found = self.variants[encoding] = self._pack(encoding)
        return found

    def matches(self, if_none_match: str) -> bool:
        """Whether the client holds this very page, in whatever encoding."""
        return self.digest in if_none_match or if_none_match.strip() == "*"

    def _pack(self, encoding: str) -> Variant:
        packs = bool(encoding) and len(self.body) >= encodings.SMALLEST
        body = encodings.pack(self.body, encoding) if packs else self.body
        tag = f'"{self.digest}-{encoding}"' if packs else f'"{self.digest}"'
        short = [("ETag", tag), ("Cache-Control", CACHE_CONTROL), ("Vary", VARY)]
        full = [*self.headers, *short, ("Content-Length", str(len(body)))]
        if packs:
            full.append(("Content-Encoding", encoding))
        return Variant(full, short, body)


class PageStore:
    """Entries by key, within `max_bytes` and `max_entries`."""

    def __init__(self, max_bytes: int, max_entries: int) -> None:
        self.max_bytes, self.max_entries = max_bytes, max_entries
        self._new: OrderedDict[Hashable, Entry] = OrderedDict()
        self._wanted: OrderedDict[Hashable, Entry] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self.bytes = self._wanted_bytes = 0

    def __len__(self) -> int:
        return len(self._sizes)

    def get(self, key: Hashable) -> Entry | None:
        """The entry of that key; asking a second time makes it one of the wanted."""
        entry = self._wanted.get(key)
        if entry is not None:
            self._wanted.move_to_end(key)
            return entry
        entry = self._new.pop(key, None)
        if entry is not None:
            self._wanted[key] = entry
            self._wanted_bytes += self._sizes[key]
            self._demote()
        return entry

    def put(self, key: Hashable, entry: Entry) -> None:
        """Keep an entry, in the place of its forerunner if there is one."""
        if key in self._wanted:
            self._wanted[key] = entry
        else:
            self._new[key] = entry
            self._new.move_to_end(key)
        self.weigh(key, entry)

    def weigh(self, key: Hashable, entry: Entry) -> None:
        """Count the entry's bytes anew (a packed variant was added) and make room."""
        if self._wanted.get(key) is not entry and self._new.get(key) is not entry:
            return
        growth = entry.size - self._sizes.get(key, 0)
        self._sizes[key] = entry.size
        self.bytes += growth
        if key in self._wanted:
            self._wanted_bytes += growth
            self._demote()
        while self._sizes and (self.bytes > self.max_bytes or len(self._sizes) > self.max_entries):
            self._evict()

    def clear(self) -> None:
        self._new.clear()
        self._wanted.clear()
        self._sizes.clear()
        self.bytes = self._wanted_bytes = 0

    def _demote(self) -> None:
        """Keep a fifth of the room for newcomers."""
        while self._wanted_bytes > self.max_bytes * 4 // 5 or len(self._wanted) > self.max_entries * 4 // 5:
            key, entry = self._wanted.popitem(last=False)
            self._wanted_bytes -= self._sizes[key]
            self._new[key] = entry

    def _evict(self) -> None:
        outer = bool(self._new)
        key, _ = (self._new if outer else self._wanted).popitem(last=False)
        size = self._sizes.pop(key)
        self.bytes -= size
        if not outer:
            self._wanted_bytes -= size
