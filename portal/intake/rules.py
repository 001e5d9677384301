"""What the form notices about a text: danger that cannot wait, and signs of spam. Pure.

Neither stops anybody: danger is answered with the number to call, spam is marked for the screener.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from portal.kernel.pairs import fold
from portal.kernel.words import N_

POLICE, FIRE, AMBULANCE = "110", "119", "120"

_SIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        FIRE: (
            *("着火", "著火", "起火", "失火", "火灾", "爆炸", "燃气泄漏", "煤气泄漏", "天然气泄漏", "燃气味"),
            *("困在电梯", "电梯困人", "坍塌", "on fire", "gas leak", "trapped"),
        ),
        AMBULANCE: (
            *("昏迷", "晕倒", "休克", "大出血", "触电", "溺水", "没有呼吸", "心脏骤停", "喝农药", "煤气中毒"),
            *("unconscious", "not breathing", "bleeding heavily", "electric shock"),
        ),
        POLICE: (
            *("正在打人", "持刀", "砍人", "抢劫", "绑架", "自杀", "轻生", "跳楼", "不想活", "家暴"),
            *("跟踪我", "杀了", "suicide", "kill myself", "with a knife", "kidnapped"),
        ),
    }
)


def emergencies(text: str) -> tuple[str, ...]:
    """The numbers to call at once, if the text speaks of danger; in any script."""
    folded = fold(text)
    return tuple(number for number, signs in _SIGNS.items() if any(sign in folded for sign in signs))


TRAP, HASTE, LINKS = "trap", "haste", "links"
SUSPICIONS: Mapping[str, str] = MappingProxyType(
    {
        TRAP: N_("A field that people do not see was filled in."),
        HASTE: N_("It was sent faster than a person types."),
        LINKS: N_("It contains several links."),
    }
)
"""What made an appeal look like spam. It is taken in all the same; the screener decides."""

FASTEST_SECONDS = 8
MOST_LINKS = 2
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|cn|net|top|xyz|vip|cc)\b", re.IGNORECASE)


def suspicions(*, text: str, trapped: bool, seconds: float) -> tuple[str, ...]:
    """Why this looks like spam. `seconds`: from showing the form to its first sending."""
    found = {
        TRAP: trapped,
        HASTE: seconds < FASTEST_SECONDS,
        LINKS: len(_LINK.findall(text)) > MOST_LINKS,
    }
    return tuple(code for code, so in found.items() if so)
