"""Finds what looks like personal data in the demonstration texts, and tells what is clearly invented. Pure.

Only for checking this content; the portal's own release review has its own, wider patterns.
"""

import re

from stdnum.cn import ric

_PATTERNS = {
    "phone": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "id_number": re.compile(r"(?<!\d)\d{17}[\dX](?!\d)"),
    "plate": re.compile(r"[一-鿿][A-Z]·?[A-Z0-9]{5,6}(?![A-Z0-9])"),
}


def found(text: str) -> dict[str, list[str]]:
    """Everything that looks like a phone number, an identity number or a number plate, by kind."""
    return {kind: pattern.findall(text) for kind, pattern in _PATTERNS.items()}


def is_fictional(kind: str, hit: str) -> bool:
    """Phones with 0000 in the middle; identities of region 99 with a true check digit; plates of 苏Z·00."""
    if kind == "phone":
        return hit[3:7] == "0000"
    if kind == "id_number":
        return hit.startswith("99") and ric.calc_check_digit(hit) == hit[-1]
    return hit.startswith("苏Z·00")
