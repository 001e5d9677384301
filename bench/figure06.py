"""Figure 6: the public list, not cached: 20 of 100,000 cases with filters and count, against the same full
template with constant rows under bare Flask. Processor time per answer."""

from collections.abc import Iterator

from bench import many_cases
from bench.harness import AT_MOST, Figure, in_turns
from bench.rendering import answers, constant, uncached

CASES = 100_000
SEARCHED = "%E5%81%9C%E8%BD%A6"
PAGES = (
    ("a", "list", "/cases"),
    ("b", "one filter", "/cases?outcome=solved"),
    ("c", "two filters", "/cases?tier=joint&outcome=solved"),
    ("d", "search", f"/cases?q={SEARCHED}"),
)


def figures(runs: int) -> Iterator[Figure]:
    ours = uncached(many_cases.folder(CASES))
    for letter, name, path in PAGES:
        mine, theirs = in_turns(answers(ours, path), answers(constant(ours, path), path), runs * 3)
        yield Figure(
            f"6{letter}", f"{name}, not cached, of {CASES:,} cases", "ms", 1.4, AT_MOST, mine, theirs
        )
