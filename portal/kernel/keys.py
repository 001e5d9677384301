"""Keys: one for codes, a list for data at rest (the first encrypts, all decrypt), one data key per appeal.

Destroying an appeal's key row erases its contacts for good, also in backups made from then on; the history,
which holds ids only, stays whole.
"""

import base64
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Unreadable(ValueError):
    """None of the keys opens this: the key was lost or the data altered."""


@dataclass(frozen=True)
class Keys:
    """The installation's keys. Never logged: `repr` shows none of them."""

    codes: bytes = field(repr=False)
    data: tuple[bytes, ...] = field(repr=False)

    def new_data_key(self) -> tuple[bytes, bytes]:
        """A fresh key for one subject: (the key, the key wrapped for storing)."""
        key = AESGCM.generate_key(128)
        return key, seal(self.data[0], key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The subject's key; tries every installation key, newest first."""
        for key in self.data:
            try:
                return unseal(key, wrapped)
            except Unreadable:
                continue
        raise Unreadable


def seal(key: bytes, plain: bytes) -> bytes:
    """Encrypt and authenticate (AES-GCM, random nonce in front)."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def unseal(key: bytes, sealed: bytes) -> bytes:
    """The plain bytes, or `Unreadable`."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def parse_key(text: str) -> bytes:
    """A key as it stands in the environment: 16 or 32 bytes in URL-safe base64."""
    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(key) not in (16, 32):
        raise ValueError("a data key has 16 or 32 bytes")
    return key
