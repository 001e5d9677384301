"""Figure 8: list, filters, detail and search with 1,000,000 cases against 10,000. Processor time per answer."""

from collections.abc import Iterator

from bench import many_cases
from bench.harness import AT_MOST, Figure, in_turns
from bench.rendering import answers, uncached

LARGE, SMALL = 1_000_000, 10_000
SEARCHED = "%E5%81%9C%E8%BD%A6"


def pages(count: int) -> tuple[tuple[str, str, str, float], ...]:
    """Letter, name, path and goal; the detail is one from the middle."""
    return (
        ("a", "list", "/cases", 1.2),
        ("b", "one filter", "/cases?outcome=solved", 1.2),
        ("c", "two filters", "/cases?tier=joint&outcome=solved", 1.2),
        ("d", "detail", f"/cases/B{count // 2:08d}", 1.2),
        ("e", "search, two characters", f"/cases?q={SEARCHED}", 2.0),
        ("f", "search with filters", f"/cases?q={SEARCHED}&tier=joint&outcome=solved", 2.0),
    )


def figures(runs: int) -> Iterator[Figure]:
    large, small = uncached(many_cases.folder(LARGE)), uncached(many_cases.folder(SMALL))
    for (letter, name, path, goal), (_, _, small_path, _) in zip(pages(LARGE), pages(SMALL), strict=True):
        mine, theirs = in_turns(answers(large, path), answers(small, small_path), runs * 3)
        name = f"{name}: {LARGE:,} against {SMALL:,} cases"
        yield Figure(f"8{letter}", name, "ms", goal, AT_MOST, mine, theirs)
