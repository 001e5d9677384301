"""How often one may try: every limit of the portal in one table, and the counters behind it.

Counters are in memory, bounded, or in Redis when there are several processes. A flood therefore takes
neither the write lane nor a query. Keys are hashed: no address or receipt number lies about in Redis.
The rule is "leaky bucket as a meter": `burst` at once, then one every `every` seconds.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import ip_address
from math import ceil
from threading import Lock
from time import time
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from portal.web.proxies import parse_networks, plain_address

if TYPE_CHECKING:
    from redis import Redis

HALL_FACTOR: Final = 50
"""A whole hall may share one address: its network may do this many times as much."""
KEYS_PER_RULE: Final = 50_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """`burst` tries at once, then one more every `every` seconds; counted by network or by the key given."""

    burst: int
    every: float
    by: Literal["network", "key"]


RULES: Final = {
    # guessing
    "receipt.code": Rule(burst=6, every=180, by="key"),
    "receipt.tries": Rule(burst=30, every=60, by="key"),
    "receipt.network": Rule(burst=40, every=30, by="network"),
    "receipt.unproved": Rule(burst=3, every=120, by="network"),
    "sign_in.account": Rule(burst=8, every=120, by="key"),
    "sign_in.device": Rule(burst=8, every=120, by="key"),
    "sign_in.present": Rule(burst=8, every=120, by="key"),
    "sign_in.network": Rule(burst=60, every=20, by="network"),
    "second_factor.account": Rule(burst=5, every=120, by="key"),
    "reset.account": Rule(burst=3, every=1200, by="key"),
    # spam
    "appeal.form": Rule(burst=60, every=10, by="network"),
    "appeal.network": Rule(burst=20, every=180, by="network"),
    "appeal.unproved": Rule(burst=5, every=720, by="network"),
    "upload.network": Rule(burst=40, every=60, by="network"),
    "follow.network": Rule(burst=20, every=120, by="network"),
    "follow.unproved": Rule(burst=5, every=720, by="network"),
    "follow.mailbox": Rule(burst=6, every=1200, by="key"),
    "rating.network": Rule(burst=40, every=30, by="network"),
    # load
    "search.network": Rule(burst=60, every=0.5, by="network"),
    # the live room
    "live.handshake": Rule(burst=20, every=6, by="network"),
    "live.enter": Rule(burst=20, every=30, by="network"),
    "live.question": Rule(burst=1, every=30, by="key"),
    "live.questions": Rule(burst=5, every=120, by="key"),
    "live.command": Rule(burst=10, every=0.2, by="key"),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Not now; whole seconds until the next try counts."""

    seconds: int

    def __bool__(self) -> bool:
        return False


class Store(Protocol):
    def take(self, bucket: str, key: str, burst: float, every: float, cost: int) -> float:
        """Count `cost` and return 0, or count nothing and return the seconds to wait."""
        ...

    def drop(self, bucket: str, key: str) -> None: ...


class Limiter:
    """`if not limiter.hit("receipt.code", receipt): …`; what it returns is true when allowed."""

    def __init__(self, store: Store, halls: Iterable[str] = (), rules: dict[str, Rule] = RULES) -> None:
        self._store, self._rules = store, rules
        self._halls = parse_networks(halls)

    def hit(self, rule_name: str, key: str, cost: int = 1) -> Allowed | RetryAfter:
        """Count one try (or `cost`) under a rule of the table; a network rule is given an address."""
        rule = self._rules[rule_name]
        factor = 1
        if rule.by == "network":
            factor = HALL_FACTOR if self._is_hall(key) else 1
            key = network_of(key)
        burst, every = rule.burst * factor, rule.every / factor
        wait = self._store.take(rule_name, _hashed(key), burst, every, cost)
        return RetryAfter(ceil(wait)) if wait > 0 else Allowed()

    def forgive(self, rule_name: str, key: str) -> None:
        """Forget the tries: the right code or password was given."""
        known = network_of(key) if self._rules[rule_name].by == "network" else key
        self._store.drop(rule_name, _hashed(known))

    def _is_hall(self, address: str) -> bool:
        plain = plain_address(address)
        return plain is not None and any(ip_address(plain) in network for network in self._halls)


class MemoryStore:
    """Counters of this process: for each rule, when each key's bucket will be empty again."""

    def __init__(self, clock: Callable[[], float] = time, keys_per_rule: int = KEYS_PER_RULE) -> None:
        self._clock, self._most = clock, keys_per_rule
        self._lock = Lock()
        self._empty_at: dict[str, OrderedDict[str, float]] = {}

    def __len__(self) -> int:
        return sum(len(kept) for kept in self._empty_at.values())

    def take(self, bucket: str, key: str, burst: float, every: float, cost: int) -> float:
        with self._lock:
            now, kept = self._clock(), self._empty_at.setdefault(bucket, OrderedDict())
            empty_at = max(kept.get(key, now), now) + cost * every
            wait = empty_at - now - burst * every
            if wait > 1e-6:
                return wait
            kept[key] = empty_at
            kept.move_to_end(key)
            self._bound(kept, now)
            return 0.0

    def drop(self, bucket: str, key: str) -> None:
        with self._lock:
            self._empty_at.get(bucket, OrderedDict()).pop(key, None)

    def _bound(self, kept: OrderedDict[str, float], now: float) -> None:
        """Forget the longest untouched: each call a few that are empty, and whatever is too many."""
        for _ in range(2):
            oldest = next(iter(kept))
            if kept[oldest] <= now or len(kept) > self._most:
                del kept[oldest]


_TAKE: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local burst, every, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local empty_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + cost * every
local wait = empty_at - now - burst * every
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', empty_at), 'PX', math.ceil((empty_at - now) * 1000) + 1000)
return '0'
"""


class RedisStore:
    """Counters shared by several processes; when Redis cannot be asked, this process counts alone."""

    def __init__(self, client: "Redis", alone: Store | None = None) -> None:
        self._client, self._alone = client, alone or MemoryStore()
        self._take = client.register_script(_TAKE)
        self._silent_until = 0.0

    def take(self, bucket: str, key: str, burst: float, every: float, cost: int) -> float:
        asked = self._ask(
            lambda: self._take(keys=[f"portal:limit:{bucket}:{key}"], args=[burst, every, cost])
        )
        return self._alone.take(bucket, key, burst, every, cost) if asked is None else float(asked)

    def drop(self, bucket: str, key: str) -> None:
        self._ask(lambda: self._client.delete(f"portal:limit:{bucket}:{key}"))
        self._alone.drop(bucket, key)

    def _ask(self, question: Callable[[], Any]) -> Any:
        """The answer, or None; after a failure Redis is left alone for five seconds."""
        from redis.exceptions import RedisError

        if time() < self._silent_until:
            return None
        try:
            return question()
        except RedisError as error:
            self._silent_until = time() + 5
            _log.warning("limits are counted in this process alone: %s", type(error).__name__)
            return None


def make_limiter(redis_url: str | None, halls: Iterable[str] = ()) -> Limiter:
    """The limiter that the settings ask for."""
    if not redis_url:
        return Limiter(MemoryStore(), halls)
    from redis import Redis

    client = Redis.from_url(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)
    return Limiter(RedisStore(client), halls)


def network_of(address: str) -> str:
    """The network that an address is counted under: /24 of IPv4, /56 of IPv6."""
    plain = plain_address(address)
    if plain is None:
        return "unknown"
    return str(parse_networks([f"{plain}/{56 if ':' in plain else 24}"])[0])


def _hashed(key: str) -> str:
    return blake2b(key.encode(), digest_size=16).hexdigest()
