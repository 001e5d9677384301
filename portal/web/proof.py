"""Proof that somebody took trouble: a small sum that a browser does, or a short wait without scripts.

Pure: keys and the time come in, and what was used is told to a `Spent`. A form carries a signed challenge.
A browser with scripts answers it (`static/js/proof.js`: SHA-256 of `challenge:number` begins with
`difficulty` zero bits). Without scripts the form is accepted when it has been open for a while, and the
caller counts it under a stricter limit. No third party and no picture to read.
"""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from threading import Lock
from time import time
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from redis import Redis

DIFFICULTY: Final = 14
LASTS: Final = timedelta(hours=8)
WAIT: Final = timedelta(seconds=5)
LONGEST_ANSWER: Final = 16
_VERSION: Final = "p1"


class Verdict(StrEnum):
    """What a form's proof is worth."""

    PROVED = "proved"
    WAITED = "waited"
    """Acceptable under the stricter limit for forms without a sum."""
    TOO_SOON = "too_soon"
    EXPIRED = "expired"
    USED = "used"
    WRONG = "wrong"

    @property
    def accepted(self) -> bool:
        return self in (Verdict.PROVED, Verdict.WAITED)


class Spent(Protocol):
    def spend(self, nonce: str, claim: str, until: float) -> bool:
        """Mark a challenge as used by `claim`; False when something else has used it."""
        ...


def issue(
    key: bytes, purpose: str, now: datetime, *, difficulty: int = DIFFICULTY, lasts: timedelta = LASTS
) -> str:
    """A fresh challenge for one form of that purpose."""
    issued, expires = int(now.timestamp()), int((now + lasts).timestamp())
    body = f"{_VERSION}.{difficulty}.{issued}.{expires}.{secrets.token_urlsafe(12)}"
    return f"{body}.{_sign(key, purpose, body)}"


def judge(
    key: bytes,
    purpose: str,
    challenge: str,
    answer: str,
    now: datetime,
    *,
    spent: Spent,
    claim: str,
    wait: timedelta = WAIT,
) -> Verdict:
    """Weigh what a form sent. `claim` names the submission, so that sending it twice is not held against it."""
    body, _, signature = challenge.rpartition(".")
    parts = body.split(".")
    if len(parts) != 5 or not hmac.compare_digest(signature.encode(), _sign(key, purpose, body).encode()):
        return Verdict.WRONG
    difficulty, issued, expires, nonce = int(parts[1]), int(parts[2]), int(parts[3]), parts[4]
    moment = now.timestamp()
    if moment >= expires:
        return Verdict.EXPIRED
    if answer:
        verdict = Verdict.PROVED if solves(challenge, answer, difficulty) else Verdict.WRONG
    else:
        verdict = Verdict.WAITED if moment >= issued + wait.total_seconds() else Verdict.TOO_SOON
    if verdict.accepted and not spent.spend(nonce, claim, expires):
        return Verdict.USED
    return verdict


def solves(challenge: str, answer: str, difficulty: int) -> bool:
    """Whether that number is an answer."""
    if len(answer) > LONGEST_ANSWER or not (answer.isascii() and answer.isdigit()):
        return False
    digest = int.from_bytes(sha256(f"{challenge}:{answer}".encode()).digest())
    return digest >> (256 - difficulty) == 0


def solve(challenge: str, difficulty: int) -> str:
    """The smallest answer; what the browser does, for tests and commands."""
    number = 0
    while not solves(challenge, str(number), difficulty):
        number += 1
    return str(number)


class MemorySpent:
    """Used challenges of this process, at most `most` of them."""

    def __init__(self, clock: Callable[[], float] = time, most: int = 200_000) -> None:
        self._clock, self._most = clock, most
        self._lock = Lock()
        self._claims: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._claims)

    def spend(self, nonce: str, claim: str, until: float) -> bool:
        with self._lock:
            first, _ = self._claims.setdefault(nonce, (claim, until))
            while len(self._claims) > self._most or self._oldest_expired():
                self._claims.popitem(last=False)
            return first == claim

    def _oldest_expired(self) -> bool:
        return bool(self._claims) and next(iter(self._claims.values()))[1] <= self._clock()


class RedisSpent:
    """Used challenges shared by several processes; when Redis cannot be asked, this process remembers alone."""

    def __init__(self, client: "Redis") -> None:
        self._client, self._alone = client, MemorySpent()

    def spend(self, nonce: str, claim: str, until: float) -> bool:
        from redis.exceptions import RedisError

        name, seconds = f"portal:spent:{nonce}", max(int(until - time()), 1)
        try:
            if self._client.set(name, claim, nx=True, ex=seconds):
                return True
            return self._client.get(name) == claim.encode()
        except RedisError:
            return self._alone.spend(nonce, claim, until)


def make_spent(redis_url: str | None) -> Spent:
    """The memory that the settings ask for."""
    if not redis_url:
        return MemorySpent()
    from redis import Redis

    return RedisSpent(Redis.from_url(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5))


def _sign(key: bytes, purpose: str, body: str) -> str:
    return hmac.new(key, f"proof:{purpose}:{body}".encode(), sha256).hexdigest()[:32]
