"""Codes that are given back to people: query codes, and the check of unified social credit codes.

A query code is 16 signs (80 bits) of an alphabet without look-alikes, short enough to be read out on the
phone (domain: section 3). It is derived, not drawn: the same request gives the same code again, so that a
retry loses nothing although only the hash is kept. Throttling wrong codes is the services' business.
"""

import hmac
import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O (look-alikes of 1 and 0) and U (of V)."""

LENGTH = 16
GROUP = 4
_BITS = 5
_TYPED_AT_MOST = 200
_LOOK_ALIKES = str.maketrans("OILU", "011V")
_NOT_A_SIGN = re.compile(r"[\W_]+")
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def derive(key: bytes, scope: str, client_id: str) -> str:
    """The query code for what a client asked under its own id, the same each time.

    `scope` tells apart who or what the id belongs to, as ids are made by clients and may coincide.
    """
    number = int.from_bytes(_mac(key, "code", scope, client_id)[: LENGTH * _BITS // 8])
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, LENGTH * _BITS, _BITS))


def hash_code(key: bytes, code: str) -> str:
    """What is kept of a code (64 hexadecimal digits); of no use without the key."""
    return _mac(key, "hash", code).hex()


def _mac(key: bytes, purpose: str, *parts: str) -> bytes:
    """HMAC-SHA256 over parts that cannot run into each other."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in (purpose, *parts)]
    message = b"".join(len(part).to_bytes(4) + part for part in encoded)
    return hmac.digest(key, message, "sha256")


def display(code: str) -> str:
    """In groups of four: `7K3M-0Q9X-…`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(typed: str) -> str:
    """What was meant by what was typed: without case, width, spaces and dashes, look-alikes put right.

    Anything comes through; whether it can be a code tells `is_code`.
    """
    wide = unicodedata.normalize("NFKC", typed[:_TYPED_AT_MOST]).upper()
    return _NOT_A_SIGN.sub("", wide).translate(_LOOK_ALIKES)


def is_code(normalised: str) -> bool:
    """Whether this has the shape of a query code."""
    return _CODE.fullmatch(normalised) is not None


def normalise_credit_code(typed: str) -> str:
    """A unified social credit code as it is kept: 18 signs, upper case, no spaces or dashes."""
    wide = unicodedata.normalize("NFKC", typed[:_TYPED_AT_MOST]).upper()
    return _NOT_A_SIGN.sub("", wide)


def check_credit_code(typed: str) -> bool:
    """Whether this is a unified social credit code with its right check sign (GB 32100)."""
    from stdnum.cn import uscc

    return bool(uscc.is_valid(normalise_credit_code(typed)))
