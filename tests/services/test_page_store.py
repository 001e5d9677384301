"""The store of rendered pages: its bounds, and what it lets go of first."""

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.web.pagecache import LocalDay
from portal.web.pagestore import Entry, PageStore


def entry(size: int) -> Entry:
    return Entry.make(1, 0.0, [], b"x" * size, "")


def test_a_crawl_pushes_out_only_what_nobody_asked_for_twice():
    store = PageStore(max_bytes=10 * 3048, max_entries=1000)
    store.put("front", entry(1000))
    assert store.get("front")
    for number in range(100):
        store.put(number, entry(1000))
    assert store.get("front")
    assert store.get(5) is None
    assert store.bytes <= store.max_bytes


def test_the_store_stays_within_its_bounds_whatever_is_asked():
    store = PageStore(max_bytes=50_000, max_entries=8)
    for number in range(200):
        store.put(number % 13, entry(100 * (number % 17)))
        store.get(number % 7)
        store.get(number % 5)
        found = store.get(3)
        if found:
            found.variant("gzip")
            store.weigh(3, found)
        assert store.bytes <= store.max_bytes
        assert len(store) <= 8
    for key in list(store._sizes):
        kept = store.get(key)
        assert kept is not None and kept.size == store._sizes[key]
    assert sum(store._sizes.values()) == store.bytes


def test_the_day_ends_at_local_midnight():
    zone = ZoneInfo("Asia/Shanghai")
    moment = [datetime(2026, 6, 18, 23, 59, 59, tzinfo=zone).timestamp()]
    day = LocalDay(zone, lambda: moment[0])
    assert day().isoformat() == "2026-06-18"
    moment[0] += 2
    assert day().isoformat() == "2026-06-19"
    moment[0] -= 2  # the clock was set back
    assert day().isoformat() == "2026-06-18"
