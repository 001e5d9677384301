"""How often one may try: the meter, what it counts by, its bounds, and what several processes share."""

import os
import shutil
import socket
import subprocess
import time

import pytest

from portal.web.limits import RULES, Limiter, MemoryStore, RedisStore, Rule, network_of

RULES_HERE = {"code": Rule(burst=3, every=10, by="key"), "net": Rule(burst=2, every=10, by="network")}


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limiter(clock):
    return Limiter(MemoryStore(clock), ["10.9.0.0/16"], RULES_HERE)


def test_after_the_burst_one_more_is_allowed_now_and_then(limiter, clock):
    assert all(limiter.hit("code", "A") for _ in range(3))
    refused = limiter.hit("code", "A")
    assert not refused
    assert refused.seconds == 10
    clock.now += 4
    assert limiter.hit("code", "A").seconds == 6
    clock.now += 6
    assert limiter.hit("code", "A")
    assert not limiter.hit("code", "A")


def test_each_key_and_each_rule_is_counted_by_itself(limiter):
    for _ in range(3):
        limiter.hit("code", "A")
    assert not limiter.hit("code", "A")
    assert limiter.hit("code", "B")
    assert limiter.hit("net", "A")


def test_a_try_may_cost_more(limiter):
    assert limiter.hit("code", "A", cost=3)
    assert not limiter.hit("code", "A")


def test_the_right_code_forgives(limiter):
    limiter.hit("code", "A", cost=3)
    limiter.forgive("code", "A")
    assert limiter.hit("code", "A", cost=3)


def test_a_refused_try_is_not_counted(limiter, clock):
    limiter.hit("code", "A", cost=3)
    for _ in range(50):
        limiter.hit("code", "A")
    clock.now += 10
    assert limiter.hit("code", "A")


def test_a_network_is_counted_as_one(limiter):
    assert limiter.hit("net", "192.0.2.1") and limiter.hit("net", "192.0.2.200")
    assert not limiter.hit("net", "192.0.2.77")
    assert limiter.hit("net", "192.0.3.1")


def test_a_hall_that_shares_one_address_may_do_more(limiter):
    assert all(limiter.hit("net", "10.9.1.1") for _ in range(100))
    assert not limiter.hit("net", "10.9.1.1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("rubbish", "unknown"),
    ],
)
def test_addresses_are_counted_by_network(address, network):
    assert network_of(address) == network


def test_memory_is_bounded_and_old_counters_go_first(clock):
    store = MemoryStore(clock, keys_per_rule=100)
    limiter = Limiter(store, rules=RULES_HERE)
    for number in range(500):
        limiter.hit("code", str(number))
    assert len(store) <= 100
    assert len(str(store.__dict__)) and limiter.hit("code", "499", cost=3).seconds > 0


def test_counters_that_tell_nothing_any_more_are_forgotten(clock):
    store = MemoryStore(clock)
    limiter = Limiter(store, rules=RULES_HERE)
    for number in range(50):
        limiter.hit("code", str(number))
    clock.now += 100
    for number in range(50, 80):
        limiter.hit("code", str(number))
    assert len(store) == 30


def test_every_rule_of_the_table_allows_something():
    for rule in RULES.values():
        assert rule.burst >= 1 and rule.every > 0


@pytest.fixture
def redis_url(tmp_path):
    binary = shutil.which("redis-server")
    if binary is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    child = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        child.kill()
        child.wait(10)


def connected(url):
    from redis import Redis
    from redis.exceptions import RedisError

    client = Redis.from_url(url, socket_timeout=2)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            client.ping()
            return client
        except RedisError:
            time.sleep(0.05)
    raise AssertionError("redis did not start")


def test_processes_with_redis_count_together_and_keep_no_addresses(redis_url):
    client = connected(redis_url)
    one, other = (Limiter(RedisStore(client), rules=RULES_HERE) for _ in range(2))
    assert one.hit("code", "A") and other.hit("code", "A") and one.hit("code", "A")
    refused = other.hit("code", "A")
    assert not refused and 1 <= refused.seconds <= 10
    one.forgive("code", "A")
    assert other.hit("code", "A", cost=3)
    one.hit("net", "192.0.2.1")
    keys = client.keys("*")
    assert keys and not any(b"192.0.2" in key for key in keys)
    assert all(client.pttl(key) > 0 for key in keys)


def test_without_redis_each_process_still_counts():
    from redis import Redis

    client = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    limiter = Limiter(RedisStore(client), rules=RULES_HERE)
    assert all(limiter.hit("code", "A") for _ in range(3))
    assert not limiter.hit("code", "A")
