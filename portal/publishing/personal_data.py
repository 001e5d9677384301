"""Suspected personal data in a text: what and where, and how to mask it.

It only suspects: a person confirms before anything is released (domain: section 7). It looks through
disguises: full width, spaces and dots, invisible signs, Chinese numerals, ringed digits. Public hotlines
(12345, 96111, 110, 400 lines) are nobody's. Names of persons are not looked for.
"""

import re
from collections.abc import Iterable, Iterator

from stdnum.cn import uscc

from portal.publishing.addresses import find_addresses
from portal.publishing.disguise import INVISIBLE, plain, spoken
from portal.publishing.number_runs import CONTEXT, find_numbers
from portal.publishing.suspicion import Certainty, Hit, PersonalKind, Suspicion

__all__ = ["Certainty", "Hit", "PersonalKind", "find", "mask"]

MASK = "****"
"""The same for everything, so that the length tells nothing."""

_B = rf"[ .\-_*{INVISIBLE}]{{0,2}}"

_EMAIL = re.compile(
    rf"(?<![A-Z0-9._%+\-{INVISIBLE}])[A-Z0-9][A-Z0-9._%+\-{INVISIBLE}]*+"
    r" {0,2}(?:@|[(#] ?AT ?[)#]|艾特) {0,2}"
    rf"[A-Z0-9\-{INVISIBLE}]++(?:(?: ?\. ?|点| ?\(DOT\) ?)[A-Z0-9\-]{{2,}}+)+"
)

_ACCOUNT = re.compile(
    r"(?<![A-Z0-9])(?:微信|威信|薇信|V信|VX|WX|WECHAT|QQ|企鹅)(?:号码?|ID)? ?(?:[:是为]|加)? ?([A-Z0-9][A-Z0-9_\-]{4,19})(?![A-Z0-9@])"
)

_CREDIT_SIGN = "[0-9A-HJ-NPQRTUWXY]"
_CREDIT_CODE = re.compile(
    rf"(?<![0-9A-Z])[159A-Y]{_B}[1239]{_B}(?:[0-9]{_B}){{6}}{_CREDIT_SIGN}(?:{_B}{_CREDIT_SIGN}){{9}}(?![0-9A-Z])"
)
_SAYS_CREDIT_CODE = re.compile("信用代码|统一代码|税号")
_NOT_A_SIGN = re.compile(r"[^0-9A-Z]")

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_SIGN = "[A-HJ-NP-Z0-9]"
_PLATE = re.compile(
    rf"[{_PROVINCE}]{_B}[A-HJ-NP-Z]{_B}"
    rf"({_PLATE_SIGN}(?:{_B}{_PLATE_SIGN}){{3,5}}(?:{_B}[挂学警港澳])?)(?![A-Z0-9年])"
)
_PLATE_NUMBER = re.compile(
    r"(?=(?:.*\d){3})[A-HJ-NP-Z0-9]{5}"  # ordinary: at least three digits
    r"|(?=(?:.*\d){3})[A-HJ-NP-Z0-9]{4}[挂学警港澳]"  # trailer, school, police, Hong Kong, Macao
    r"|[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]"  # new energy: small, large (GA 36)
)


def find(text: str) -> tuple[Hit, ...]:
    """What looks like personal data, in the order of the text, never overlapping.

    Positions are those of `text` itself, whatever disguise was seen through.
    """
    plain_text = plain(text)
    taken = bytearray(len(text))
    hits = []
    for found in sorted(_suspicions(plain_text), key=lambda found: _PRIORITY[found.kind]):
        if any(taken[found.start : found.end]):
            continue
        taken[found.start : found.end] = b"\x01" * (found.end - found.start)
        hits.append(Hit(found.start, found.end, found.kind, text[found.start : found.end], found.certainty))
    return tuple(sorted(hits, key=lambda hit: hit.start))


def mask(text: str, hits: Iterable[Hit]) -> str:
    """The text with the places of the hits, which must not overlap, made unreadable."""
    pieces, rest = [], 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        pieces += [text[rest : hit.start], MASK]
        rest = hit.end
    return "".join([*pieces, text[rest:]])


def _suspicions(plain_text: str) -> Iterator[Suspicion]:
    spoken_text = spoken(plain_text)
    yield from _emails(plain_text)
    yield from find_numbers(plain_text, spoken_text)
    yield from _credit_codes(plain_text)
    yield from _plates(spoken_text)
    yield from _accounts(spoken_text)
    yield from find_addresses(plain_text)


_PRIORITY = {
    kind: place
    for place, kind in enumerate(
        (
            PersonalKind.EMAIL,
            PersonalKind.ID_NUMBER,
            PersonalKind.CREDIT_CODE,
            PersonalKind.BANK_CARD,
            PersonalKind.MOBILE,
            PersonalKind.LANDLINE,
            PersonalKind.PLATE,
            PersonalKind.ACCOUNT,
            PersonalKind.ADDRESS,
        )
    )
}
"""Which reading of a place counts: the longer and the surer."""


def _emails(plain_text: str) -> Iterator[Suspicion]:
    for match in _EMAIL.finditer(plain_text):
        official = match[0].endswith(".GOV.CN")
        certainty = Certainty.POSSIBLE if official else Certainty.LIKELY
        yield Suspicion(*match.span(), PersonalKind.EMAIL, certainty)


def _accounts(spoken_text: str) -> Iterator[Suspicion]:
    for match in _ACCOUNT.finditer(spoken_text):
        yield Suspicion(*match.span(1), PersonalKind.ACCOUNT, Certainty.POSSIBLE)


def _credit_codes(plain_text: str) -> Iterator[Suspicion]:
    for match in _CREDIT_CODE.finditer(plain_text):
        before = plain_text[max(0, match.start() - CONTEXT) : match.start()]
        if uscc.is_valid(_NOT_A_SIGN.sub("", match[0])):
            yield Suspicion(*match.span(), PersonalKind.CREDIT_CODE, Certainty.CERTAIN)
        elif _SAYS_CREDIT_CODE.search(before):
            yield Suspicion(*match.span(), PersonalKind.CREDIT_CODE, Certainty.POSSIBLE)


def _plates(spoken_text: str) -> Iterator[Suspicion]:
    for match in _PLATE.finditer(spoken_text):
        number = re.sub(r"[^0-9A-Z挂学警港澳]", "", match[1])
        if _PLATE_NUMBER.fullmatch(number):
            yield Suspicion(*match.span(), PersonalKind.PLATE, Certainty.LIKELY)
