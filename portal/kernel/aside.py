"""Work that keeps the processor busy goes aside, so that one picture does not hold up every other reader.

In the gevent server it runs in a small pool of real threads and the greenlet waits; in commands and tests,
where nothing is patched, it simply runs.
"""

import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
AT_ONCE = 2
"""So few that pictures never take all the memory; whoever comes later waits."""


def aside(work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Run `work` where it holds up nobody, and hand back what it returns or raises."""
    if not _patched():
        return work(*args, **kwargs)
    done: Result = _pool().apply(work, args, kwargs)
    return done


def beside(work: Callable[[], Result]) -> Result:
    """Run what waits for the disk in a thread of its own kind, never behind a picture.

    It is waited for even when the greenlet is killed meanwhile: a commit cannot be half taken back.
    """
    if not _patched():
        return work()
    under_way = _disk_pool().spawn(work)
    try:
        done: Result = under_way.get()
    except BaseException:
        under_way.wait()
        raise
    return done


def _patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


@lru_cache(maxsize=1)
def _pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(AT_ONCE)


@lru_cache(maxsize=1)
def _disk_pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(1)
