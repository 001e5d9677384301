"""Relative dates in the demonstration texts: `{day-12}` is filled from the day of submission.

The texts are written without absolute dates, so that the city is as young as the day it is loaded. Pure.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_PLACEHOLDER = re.compile(r"\{(day|date|month|year|weekday)([+-]\d+)\}")
_BRACE = re.compile(r"[{}]")
_WEEKDAYS = "一二三四五六日"


def fill(text: str, submitted: date) -> str:
    """Replace each placeholder by the date so many calendar days after (+) or before (-) `submitted`.

    `{day-12}` 6 月 2 日 · `{date-400}` 2025 年 6 月 2 日 · `{month-60}` 4 月 · `{year-400}` 2025 年 ·
    `{weekday+2}` 星期四
    """

    def written(match: re.Match[str]) -> str:
        return _written(match[1], submitted + timedelta(days=int(match[2])))

    return _PLACEHOLDER.sub(written, text)


def offsets(text: str) -> Iterator[int]:
    """The day offsets that a text mentions, in order."""
    return (int(match[2]) for match in _PLACEHOLDER.finditer(text))


def leftovers(text: str) -> bool:
    """Whether a brace is left that is part of no legal placeholder."""
    return _BRACE.search(_PLACEHOLDER.sub("", text)) is not None


def _written(form: str, day: date) -> str:
    match form:
        case "day":
            return f"{day.month} 月 {day.day} 日"
        case "date":
            return f"{day.year} 年 {day.month} 月 {day.day} 日"
        case "month":
            return f"{day.month} 月"
        case "year":
            return f"{day.year} 年"
        case _:
            return f"星期{_WEEKDAYS[day.weekday()]}"
