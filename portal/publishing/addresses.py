"""Addresses that lead to a door: building, unit and room. A street or a building alone is no secret."""

import re
from collections.abc import Iterator

from portal.publishing.disguise import INVISIBLE
from portal.publishing.suspicion import Certainty, PersonalKind, Suspicion

_S = rf"[ ,，、\-/{INVISIBLE}]{{0,2}}"
_COUNT = "零〇一二三四五六七八九十百两"
_NUMBER = rf"(?:[A-Z]?[0-9]{{1,4}}[A-Z]?|[A-Z]|[{_COUNT}]{{1,4}})"
_ROOM = rf"(?:[1-9][0-9]{{2,3}}[A-Z]?|[{_COUNT[2:11]}][{_COUNT[:11]}]{{2,3}})(?![0-9{_COUNT}])"
_NOT_A_COUNT = r"(?! ?(?:多|余|几|来)?[年月日元米平㎡万亿人套户个间台辆棵份次天块%])"
_DOOR = r"(?:室|房|号房?(?!楼|线|文|令))"
_BUILDING = rf"{_NUMBER} ?(?:号楼|号院|栋|幢|座|#楼?)"
_UNIT = rf"{_NUMBER} ?(?:单元|门|梯)"
_FLOOR = rf"{_NUMBER} ?(?:层|楼)"

_SURE = (
    re.compile(rf"(?:{_BUILDING}{_S})?{_UNIT}{_S}(?:{_FLOOR}{_S})?{_ROOM}{_NOT_A_COUNT}{_DOOR}?"),
    re.compile(rf"{_BUILDING}{_S}(?:{_FLOOR}{_S})?{_ROOM}{_NOT_A_COUNT}(?:室|房|号房)"),
    re.compile(rf"[\u4e00-\u9fff]{{2,6}}(?:村|庄|屯|寨)第?{_NUMBER}(?:村民)?小?(?:组|队|社){_S}{_NUMBER}号"),
)
_UNSURE = (
    re.compile(rf"{_BUILDING}{_S}(?:{_FLOOR}{_S})?{_ROOM}{_NOT_A_COUNT}(?:号(?!楼|线|文|令))?"),
    re.compile(rf"(?<![0-9])[0-9]{{1,4}}(?:号|弄){_S}{_ROOM}(?:室|房)"),
    re.compile(
        r"(?<![0-9A-Z\-.])[A-Z]?[1-9][0-9]?[\-#][1-9][0-9]?-[1-9][0-9]{2,3}(?:室|房|户|号(?!文|令)|(?=业主|住户|居民))"
    ),
    re.compile(
        r"(?<=区|园|苑|里|城|府|湾|庭|庄|寓|墅|村|住|家)[A-Z]?[1-9][0-9]?[\-#][1-9][0-9]?-[1-9][0-9]{2,3}(?![0-9\-.])"
    ),
)


def find_addresses(plain_text: str) -> Iterator[Suspicion]:
    """The doors named in a plain text; some twice, the surer first."""
    for certainty, patterns in ((Certainty.LIKELY, _SURE), (Certainty.POSSIBLE, _UNSURE)):
        for pattern in patterns:
            for match in pattern.finditer(plain_text):
                yield Suspicion(*match.span(), PersonalKind.ADDRESS, certainty)
