"""Figure 6: the public list, not cached: 20 of 100,000 cases with filters and count, against the same
template with constant rows under bare Flask. Processor time per answer."""

from collections.abc import Iterator

from bench import many_cases
from bench.harness import AT_MOST, Figure, in_turns, served
from bench.load import load, request
from bench.portal_site import environment

CASES = 100_000
PAGES = (("a", "/cases"), ("b", "/cases?tier=joint&outcome=solved"), ("c", "/cases?q=%E5%81%9C%E8%BD%A6"))
SECONDS = 4.0


def figures(runs: int) -> Iterator[Figure]:
    settings = environment(str(many_cases.folder(CASES)))
    for letter, path in PAGES:
        head = request(path, Accept_Language="zh-CN")
        with (
            served("-m", "bench.uncached", **settings) as ours,
            served("-m", "bench.uncached", "--constant", path, **settings) as bare,
        ):
            mine, theirs = in_turns(
                lambda head=head, ours=ours: load(ours, head, seconds=SECONDS).cpu * 1000,
                lambda head=head, bare=bare: load(bare, head, seconds=SECONDS).cpu * 1000,
                runs,
            )
        yield Figure(f"6{letter}", f"{path}, not cached, of {CASES:,}", "ms", 1.4, AT_MOST, mine, theirs)
