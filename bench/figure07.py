"""Figure 7: a public page for the signed-out, from the cache or as 304, against bare Flask's hello."""

from collections.abc import Iterator

from bench import many_cases
from bench.harness import AT_LEAST, Figure, in_turns, served
from bench.load import first_answer, load, request
from bench.portal_site import environment

PAGE = "/cases"
CASES = 10_000
BROWSER = {"Accept_Language": "zh-CN,zh;q=0.9", "Accept_Encoding": "gzip, deflate, br"}


def figures(runs: int) -> Iterator[Figure]:
    settings = environment(str(many_cases.folder(CASES)))
    with served("-m", "bench.hello") as hello, served("-m", "portal.serve", **settings) as ours:
        tag = etag(ours.port)
        for letter, name, head in (
            ("a", f"{PAGE} from the cache (br)", request(PAGE, **BROWSER)),
            ("b", f"{PAGE} from the cache (not packed)", request(PAGE)),
            ("c", f"{PAGE}, 304", request(PAGE, If_None_Match=tag, **BROWSER)),
        ):
            mine, theirs = in_turns(
                lambda head=head: load(ours, head).rate, lambda: load(hello, request("/")).rate, runs
            )
            yield Figure(f"7{letter}", name, "/s", 0.95, AT_LEAST, mine, theirs)


def etag(port: int) -> str:
    top = first_answer(port, request(PAGE, **BROWSER).encode()).partition(b"\r\n\r\n")[0].decode()
    return next(line.split(": ")[1] for line in top.split("\r\n") if line.startswith("ETag"))
