"""Proofs of who somebody is: passwords (argon2id), second factors (TOTP), recovery codes, one-time links.

Nothing here is stored readable: passwords and codes as hashes, the second factor's secret sealed.
"""

import hmac
import re
import secrets
from datetime import datetime
from functools import cache
from hashlib import sha256

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.kernel.aside import aside
from portal.kernel.errors import Invalid
from portal.kernel.keys import Keys, seal, unseal
from portal.kernel.words import N_

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
TOTP_STEP = 30
TOTP_WINDOW = 1
RECOVERY_CODES = 10
hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return aside(hasher.hash, password)


@cache
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_hex(16))


def password_is(password: str, stored: str | None) -> bool:
    """Whether the password fits. An account without one takes just as long, so its absence cannot be timed."""
    fits = aside(_verify, stored or _nobodys_hash(), password[:LONGEST_PASSWORD])
    return fits and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def check_new_password(password: str, *, names: tuple[str | None, ...] = ()) -> None:
    """Refuse what would be guessed first; length counts, not signs of many kinds (NIST SP 800-63B)."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            "password_short",
            N_("Use at least %(min)d characters; a short sentence is easy to remember."),
            field="password",
            min=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(
            "password_long", N_("Use at most %(max)d characters."), field="password", max=LONGEST_PASSWORD
        )
    lowered = password.lower()
    if len(set(lowered)) < 5 or any(name and len(name) > 3 and name.lower() in lowered for name in names):
        raise Invalid(
            "password_guessable",
            N_("This is easily guessed: avoid repeated characters and your own name or number."),
            field="password",
        )


def new_totp_secret() -> str:
    """A fresh secret for an authenticator app."""
    return pyotp.random_base32()


def is_totp_secret(secret: str) -> bool:
    """Whether this can be a secret that `new_totp_secret` made."""
    return re.fullmatch(r"[A-Z2-7]{32}", secret) is not None


def seal_totp(keys: Keys, secret: str) -> bytes:
    """The secret as it is stored."""
    return seal(keys.data[0], secret.encode())


def unseal_totp(keys: Keys, sealed: bytes) -> str:
    """The secret, under whichever installation key it was sealed."""
    for key in keys.data[:-1]:
        try:
            return unseal(key, sealed).decode()
        except ValueError:
            continue
    return unseal(keys.data[-1], sealed).decode()


def totp_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The time step this code belongs to, or None. A step is good once: a code seen over a shoulder is spent."""
    typed = "".join(c for c in code if c.isdigit())
    if len(typed) != 6:
        return None
    at = int(now.timestamp()) // TOTP_STEP
    totp = pyotp.TOTP(secret)
    for step in range(at - TOTP_WINDOW, at + TOTP_WINDOW + 1):
        if hmac.compare_digest(totp.at(step * TOTP_STEP), typed) and (last_step is None or step > last_step):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes to print and keep; each replaces the second factor once."""
    return [
        f"{secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}" for _ in range(RECOVERY_CODES)
    ]


def hash_recovery_code(person_id: int, code: str) -> str:
    """What is stored of a recovery code (48 random bits, so a plain hash is not guessable in time)."""
    typed = "".join(c for c in code.lower() if c in "0123456789abcdef")
    return sha256(f"{person_id}:{typed}".encode()).hexdigest()
