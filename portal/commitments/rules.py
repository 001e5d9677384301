"""What a promise must say before it counts as one. Pure.

Whether a promise can be checked is for people to judge; what stands here catches only those that promise nothing
at all: at least one thing in the text must be one that anybody can look at afterwards, which is a figure or a
result that is either there or not. Intentions ("as soon as possible", "strengthen") are not. The second person
who agrees judges the rest.
"""

import re
from datetime import date, timedelta

from portal.kernel.errors import Invalid
from portal.kernel.words import N_

LONGEST_WHAT, LONGEST_HOW, LONGEST_TEXT = 120, 2000, 2000
SHORTEST_HOW = 10
FARTHEST = timedelta(days=3 * 366)
"""A date further away is a slip of the pen more often than a promise."""

_FIGURE = re.compile(
    r"\d|[一二两三四五六七八九十百千万]+\s?(?:个|处|条|盏|户|座|台|部|栋|幢|米|公里|吨|天|日|周|月|次|人|家|件|项|套|块|%|成)"
)
_RESULTS = (
    "修好|修复|修通|建成|建好|完工|竣工|完成|安装|装好|更换|换好|拆除|清除|清运|清淤|清理|疏通|开通|通车|恢复|"
    "投入使用|交付|交房|办结|办理|发放|发还|退还|退回|兑付|支付|补齐|补种|公示|公布|公开|上墙|上网|张贴|印发|出台|"
    "签订|验收|整改|关停|取缔|查处|撤下|移交|划线|复绿|铺设|封堵|接通|通水|通电|通气|供水|供暖|开放|设立|配齐|到位"
)
_RESULT = re.compile(_RESULTS)
_RESULT_EN = re.compile(
    r"\b(?:repair|install|publish|open|clos|remov|replac|complet|build|built|pay|paid|refund|deliver|clean|clear|"
    r"connect|restor|sign|issu|inspect|plant|deploy|finish|post|print|mark|hand)\w*",
    re.IGNORECASE,
)
_INTENTION = re.compile(
    r"尽快|尽早|争取|力争|适时|逐步|进一步|高度重视|加强|加大|推进|推动|研究|努力|督促|积极|继续|"
    r"as soon as possible|strengthen|strive|try to|study|consider|gradually",
    re.IGNORECASE,
)


def is_verifiable(text: str) -> bool:
    """Whether the text says anything that can be looked at afterwards: a figure, or a result.

    A result right behind a mere intention ("study the completion of …") counts for nothing.
    """
    plain = _INTENTION.sub("\u0000", text)
    if _FIGURE.search(plain):
        return True
    return any(
        "\u0000" not in plain[max(0, match.start() - 2) : match.start()]
        for pattern in (_RESULT, _RESULT_EN)
        for match in pattern.finditer(plain)
    )


def check_text(what: str, how: str) -> None:
    """Refuse a promise without words, or without anything that could be checked."""
    for field, text, longest in (("what", what, LONGEST_WHAT), ("how", how, LONGEST_HOW)):
        if not text.strip():
            raise Invalid("empty", N_("Please fill this in."), field=field)
        if len(text) > longest:
            raise Invalid("too_long", N_("Please use at most %(max)d characters."), field=field, max=longest)
    if len(how.strip()) < SHORTEST_HOW or not is_verifiable(f"{what}\n{how}"):
        raise Invalid(
            "not_verifiable",
            N_(
                "Say something that anybody can check afterwards: a figure, or a result such as installed, paid or "
                "published. “As soon as possible” and “strengthen” promise nothing."
            ),
            field="how",
        )


def check_day(day: date | None, today: date) -> None:
    """Refuse a promise without a day, or for a day that is not ahead."""
    if day is None:
        raise Invalid("no_day", N_("Say by which day: a promise without a date is none."), field="due_day")
    if day <= today:
        raise Invalid("day_over", N_("The day must lie ahead: tomorrow or later."), field="due_day")
    if day > today + FARTHEST:
        raise Invalid("day_too_far", N_("This day is more than three years away."), field="due_day")
