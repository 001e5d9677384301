"""Personal numbers in runs of digits: phones, ID numbers, bank cards, however they are spaced.

A run is a chain of digits with a few signs between them; its groups are the digits that stand together.
A number is taken only where whole groups make it up, and groups as people write them: a piece of a longer
number is none, and neither is a list of small numbers. What is not made of digits is in `personal_data`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from stdnum import luhn
from stdnum.cn import ric

from portal.publishing.disguise import INVISIBLE, NUMERALS
from portal.publishing.suspicion import Certainty, PersonalKind, Suspicion

Sizes = tuple[int, ...]

_BETWEEN = rf"[ .\-_*/'|(){INVISIBLE}]{{0,3}}"
_DIGIT = f"[0-9{NUMERALS}]"
_RUN = re.compile(rf"\+?{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{6,}}(?:{_BETWEEN}X(?![A-Z]))?")
_GROUP = re.compile(rf"(?:[0-9](?:{INVISIBLE}*[0-9])*|[{NUMERALS}](?:{INVISIBLE}*[{NUMERALS}])*)X?|X")
_AMOUNT_AFTER = re.compile(r"\.\d{1,2}(?!\d)|,\d{3}| ?(?:元|万|亿|块|平|㎡|%|吨|公里|年)")
_AMOUNT_BEFORE = re.compile(r"[¥￥$] ?$|\d,$")

LONGEST = 19
CONTEXT = 12
"""How many signs before a number may say what it is."""


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str


@dataclass(frozen=True, slots=True)
class _Window:
    """Some neighbouring groups, taken as one number."""

    digits: str
    sizes: Sizes
    is_one: bool
    """No sign stands between the groups: only the script of the digits changes."""
    before: str
    after: str
    """The sign that follows."""

    def is_grouped(self, *usual: Sizes) -> bool:
        """Written as one, as usual, or in steps of one length of which the last may be shorter."""
        first, *rest = self.sizes
        if self.is_one or self.sizes in usual:
            return True
        return first <= 4 and all(size == first for size in rest[:-1]) and rest[-1] <= first

    def says(self, words: re.Pattern[str]) -> bool:
        """Whether the signs before it say what it is."""
        return words.search(self.before) is not None


Recogniser = Callable[[_Window], Certainty | None]

_SAYS_ID = re.compile("身份证|证件号|公民身份")
_SAYS_CARD = re.compile("卡号|账号|帐号|账户|银行卡|储蓄卡")
_SAYS_PHONE = re.compile("电话|座机|固话|致电|拨打|传真|来电|TEL")
_SAYS_ORDER = re.compile("单号|编号|订单|流水|文号|案号")
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_MOBILE = re.compile(r"(0086|86|0)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(010|02[0-57-9]|0[3-9]\d\d)([2-9]\d{6,7})")
_ABROAD = re.compile(r"(0086|86)0?(10|2[0-57-9]|[3-9]\d\d)([2-9]\d{6,7})")
_HOTLINE = re.compile(r"[48]00\d{7}")


def find_numbers(plain: str, spoken: str) -> Iterator[Suspicion]:
    """The personal numbers of a plain text; `spoken` is the same with Chinese numerals as digits."""
    for run in _RUN.finditer(plain):
        groups = [
            _Group(*group.span(), spoken[group.start() : group.end()].replace(INVISIBLE, ""))
            for group in _GROUP.finditer(plain, *run.span())
        ]
        yield from _numbers_of(groups, plain)


def _numbers_of(groups: Sequence[_Group], plain: str) -> Iterator[Suspicion]:
    at = 0
    while at < len(groups):
        found = _number_at(groups, at, plain)
        if found is None:
            at += 1
            continue
        count, number = found
        if number is not None:
            yield number
        at += count


def _number_at(groups: Sequence[_Group], at: int, plain: str) -> tuple[int, Suspicion | None] | None:
    """How many groups make up the number that begins here, and the number; no number: a hotline."""
    by_length = _lengths_from(groups, at)
    for kind, lengths, recognise in _RECOGNISERS:
        for length in lengths:
            count = by_length.get(length)
            if count is None:
                continue
            taken = groups[at : at + count]
            certainty = recognise(_window(taken, plain))
            if certainty is None or _is_amount(plain, taken[0].start, taken[-1].end):
                continue
            start = taken[0].start - plain.startswith("+", taken[0].start - 1) if taken[0].start else 0
            number = Suspicion(start, taken[-1].end, kind, certainty) if kind else None
            return count, number
    return None


def _lengths_from(groups: Sequence[_Group], at: int) -> dict[int, int]:
    """Number of digits → number of groups that make them up, from this group on."""
    lengths: dict[int, int] = {}
    total = 0
    for count, group in enumerate(groups[at : at + LONGEST], 1):
        total += len(group.digits)
        if total > LONGEST:
            break
        lengths[total] = count
    return lengths


def _window(groups: Sequence[_Group], plain: str) -> _Window:
    first = groups[0].start
    return _Window(
        digits="".join(group.digits for group in groups),
        sizes=tuple(len(group.digits) for group in groups),
        is_one=all(one.end == other.start for one, other in pairwise(groups)),
        before=plain[max(0, first - CONTEXT) : first],
        after=plain[groups[-1].end : groups[-1].end + 1],
    )


def _is_amount(plain: str, start: int, end: int) -> bool:
    before = plain[max(0, start - 3) : start]
    return bool(_AMOUNT_AFTER.match(plain, end) or _AMOUNT_BEFORE.search(before))


def _id_number(window: _Window) -> Certainty | None:
    """18 digits with a check digit, or the 15 of before 2000 with none (GB 11643)."""
    digits = window.digits
    old = len(digits) == 15
    born = f"19{digits[6:12]}" if old else digits[6:14]
    if not _PROVINCE.match(digits) or not digits[:-1].isdigit() or not _is_date(born):
        return None
    if not window.is_grouped((6, 8, 4), (6, 4, 4, 4), (3, 3, 4, 4, 4), (6, 6, 3), (17, 1)):
        return None
    if old:
        return _if_said(window, _SAYS_ID, Certainty.LIKELY) if digits.isdigit() else None
    if ric.calc_check_digit(digits) == digits[-1]:
        return Certainty.CERTAIN
    return Certainty.POSSIBLE if window.says(_SAYS_ID) else None


def _is_date(digits: str) -> bool:
    try:
        return date.fromisoformat(digits).year >= 1900
    except ValueError:
        return False


def _bank_card(window: _Window) -> Certainty | None:
    """16 to 19 digits with Luhn's check digit; UnionPay begins with 62, older cards otherwise."""
    digits, said = window.digits, window.says(_SAYS_CARD)
    if not digits.isdigit() or digits[0] not in "34569" or not window.is_grouped((6, 13), (6, 10)):
        return None
    if "A" <= window.after <= "Z":
        return None
    if not luhn.is_valid(digits):
        return Certainty.POSSIBLE if said else None
    return Certainty.CERTAIN if said or digits.startswith("62") else Certainty.POSSIBLE


def _mobile(window: _Window) -> Certainty | None:
    match = _MOBILE.fullmatch(window.digits)
    if match is None:
        return None
    sizes = window.sizes
    if match[1] and sizes[0] == len(match[1]):
        sizes = sizes[1:]
    rest = replace(window, sizes=sizes, is_one=window.is_one or len(sizes) == 1)
    if not rest.is_grouped((3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4)):
        return None
    return Certainty.POSSIBLE if window.says(_SAYS_ORDER) else Certainty.LIKELY


def _landline(window: _Window) -> Certainty | None:
    """Area code and number; without an area code only where it is said to be a phone."""
    match = _LANDLINE.fullmatch(window.digits) or _ABROAD.fullmatch(window.digits)
    if match is not None:
        sizes = window.sizes
        starts = {sum(sizes[:count]) for count in range(len(sizes) + 1)}
        number_starts = len(window.digits) - len(match[match.re.groups])
        return Certainty.LIKELY if window.is_one or number_starts in starts else None
    if len(window.digits) > 8 or window.digits[0] in "01" or not window.says(_SAYS_PHONE):
        return None
    return Certainty.POSSIBLE if window.is_grouped((3, 4), (4, 4)) else None


def _hotline(window: _Window) -> Certainty | None:
    """Service lines of firms; taken so that no piece of them is."""
    return Certainty.LIKELY if _HOTLINE.fullmatch(window.digits) else None


def _if_said(window: _Window, words: re.Pattern[str], certainty: Certainty) -> Certainty:
    return certainty if window.says(words) else Certainty.POSSIBLE


_RECOGNISERS: tuple[tuple[PersonalKind | None, Sequence[int], Recogniser], ...] = (
    (PersonalKind.ID_NUMBER, (18, 15), _id_number),
    (PersonalKind.BANK_CARD, (19, 18, 17, 16), _bank_card),
    (PersonalKind.MOBILE, (15, 13, 12, 11), _mobile),
    (PersonalKind.LANDLINE, (15, 14, 13, 12, 11), _landline),
    (None, (10,), _hotline),
    (PersonalKind.LANDLINE, (8, 7), _landline),
)
