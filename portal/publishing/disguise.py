"""Seeing through disguises: a text with its digits, letters, dots, dashes and spaces made plain.

Each sign becomes exactly one sign, so a place in the plain text is the same place in the original.
"""

import unicodedata
from functools import lru_cache

INVISIBLE = "\u200b"
"""What every invisible sign becomes."""

NUMERALS = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
"""Chinese numerals that are read digit by digit; 十 and 百 are not."""

_NUMERAL_VALUES = "001234567891123456789"
_INVISIBLE_SIGNS = (
    "\u00ad\u034f\u061c\u180e\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f\u20e3"
)
_DASHES = "‐‑‒–—―−﹘﹣～〜~"
_DOTS = "．。·•・･﹒｡∙⋅‧●"
_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000\t\n\r"
_BRACKETS = {"（": "(", "）": ")", "【": "(", "】": ")", "[": "(", "]": ")"}
_RINGED_FROM_ONE = (0x2460, 0x2474, 0x2488, 0x24F5, 0x2776, 0x2780, 0x278A)
_RINGED_NUMERALS_FROM_ONE = (0x3220, 0x3280)
_SMALL_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"


def plain(text: str) -> str:
    """The text of the same length in plain ASCII capitals and digits; Chinese stays as it is."""
    return text.translate(_plain_table())


def spoken(plain_text: str) -> str:
    """A plain text with its Chinese numerals as digits too: 幺三八 → 138."""
    return plain_text.translate(_NUMERAL_TABLE)


_NUMERAL_TABLE = str.maketrans(NUMERALS, _NUMERAL_VALUES)


@lru_cache(maxsize=1)
def _plain_table() -> dict[int, str]:
    wide = {chr(code): chr(code - 0xFEE0).upper() for code in range(0xFF01, 0xFF5F)}
    small = {letter: letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}
    invisible = dict.fromkeys(_INVISIBLE_SIGNS, INVISIBLE)
    dashes, dots, spaces = (
        dict.fromkeys(signs, one) for signs, one in ((_DASHES, "-"), (_DOTS, "."), (_SPACES, " "))
    )
    table = wide | small | _digits() | _ringed() | _BRACKETS | invisible | dashes | dots | spaces
    return {ord(sign): other for sign, other in table.items()}


def _digits() -> dict[str, str]:
    """The decimal digits of all scripts, mathematical ones and small ones."""
    codes = (*range(0x80, 0x10000), *range(0x1D7CE, 0x1D800))
    decimal = (chr(code) for code in codes if chr(code).isdecimal())
    return {sign: str(unicodedata.digit(sign)) for sign in (*decimal, *_SMALL_DIGITS)}


def _ringed() -> dict[str, str]:
    """Digits in rings and brackets, one sign each, and the ringed Chinese numerals."""
    digits = {chr(first + n): str(n + 1) for first in _RINGED_FROM_ONE for n in range(9)}
    numerals = {
        chr(first + n): "一二三四五六七八九"[n] for first in _RINGED_NUMERALS_FROM_ONE for n in range(9)
    }
    return {"⓪": "0", "⓿": "0"} | digits | numerals
