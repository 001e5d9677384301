"""How values are printed: dates, moments, numbers, in the reader's language and the city's time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any

from babel.dates import format_date
from flask import Flask
from jinja2 import pass_context
from markupsafe import Markup

from portal import glossary
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.web.database import settings
from portal.web.locale import current
from portal.web.phrases import book

NBSP = "\u00a0"
WORD_JOINER = "\u2060"
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _local(value: date | datetime) -> date:
    return clock.local_date(value, settings().timezone) if isinstance(value, datetime) else value


@lru_cache(maxsize=8192)
def _written(day: date, english: bool, with_year: bool) -> str:
    if english:
        month = _MONTHS[day.month - 1]
        return f"{day.day} {month} {day.year}" if with_year else f"{day.day}{NBSP}{month[:3]}"
    short = f"{day.month}{NBSP}月{NBSP}{day.day}{NBSP}日"
    return f"{day.year}{NBSP}年{NBSP}{short}" if with_year else short


def long_date(value: date | datetime | None) -> str:
    """18 June 2026 · 2026 年 6 月 18 日."""
    return _written(_local(value), current() == "en", True) if value else ""


def day(value: date | datetime | None) -> str:
    """Without the year if it is this one."""
    if not value:
        return ""
    local = _local(value)
    return _written(local, current() == "en", local.year != _local(clock.now()).year)


def weekday(value: date) -> str:
    """The day of the week, short."""
    return str(format_date(value, "EEE", locale=current()))


def hour(value: datetime | None) -> str:
    """14:37, where the city is."""
    return value.astimezone(settings().timezone).strftime("%H:%M") if value else ""


def moment(value: datetime | None) -> str:
    """18 June 2026, 14:37 · 2026 年 6 月 18 日 14:37."""
    return f"{long_date(value)}{', ' if current() == 'en' else ' '}{hour(value)}" if value else ""


def due(value: datetime | None) -> str:
    """The last moment that is in time: a limit that ends at midnight is due on the day before, at 24:00."""
    if not value:
        return ""
    last = value.astimezone(settings().timezone)
    if (last.hour, last.minute) == (0, 0):
        return f"{day(last.date() - timedelta(days=1))} 24:00"
    return f"{day(last.date())} {last.strftime('%H:%M')}"


def number(value: int | None) -> str:
    """10,482."""
    return f"{value:,}" if value is not None else ""


def iso(value: date | datetime | None) -> str:
    """For `<time datetime>`."""
    return value.isoformat() if value else ""


def translated(message: str | None, **params: object) -> str:
    """A message id from below the web floor, in the reader's language."""
    if not message:
        return ""
    text = book().text(message)
    return text % params if params else text


def term(code: str | None, group: str) -> str:
    """The label of a code: `{{ case.state|term('case_state') }}`."""
    return translated(glossary.label(group, code))


def meaning(code: str | None, group: str) -> str:
    """What a code means, in one line."""
    return translated(glossary.meaning(group, code))


_HOLES = {
    "source": "case_state",
    "target": "case_state",
    "tier": "tier",
    "kind": "closing_kind",
    "act": "act",
    "who": "actor_kind",
    "before": "commitment_state",
    "after": "commitment_state",
}
"""Which list a hole's code is from; a name in `who` is no code and stays as it is."""


def told(error: PortalError) -> str:
    """A domain error in the reader's words: codes in its holes become labels, dates become dates."""
    message = error.message or glossary.REFUSALS.get(error.code, "") or error.code
    return translated(message, **{name: _hole(name, value) for name, value in error.params.items()})


def _hole(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return long_date(value)
    return term(value, _HOLES[name]) if name in _HOLES and isinstance(value, str) else value


def paragraphs(text: str | None) -> Markup:
    """Plain text as paragraphs and line breaks, escaped."""
    blocks = [block.strip() for block in (text or "").replace("\r\n", "\n").split("\n\n") if block.strip()]
    line = Markup("<br>")
    return Markup("").join(Markup("<p>{}</p>").format(line.join(block.split("\n"))) for block in blocks)


def whole(text: str) -> Markup:
    """A number or reference in a heading: a narrow screen does not break it at its hyphen."""
    return Markup('<span class="nowrap">{}</span>').format(text)


def file_size(size: int) -> str:
    """212 KB · 1.1 MB."""
    return f"{size / 1_048_576:.1f}{NBSP}MB" if size >= 1_000_000 else f"{max(size // 1024, 1)}{NBSP}KB"


def iso_date(value: str) -> str:
    """A day kept as text, e.g. in a projection: 18 June 2026."""
    return long_date(date.fromisoformat(value[:10]))


def iso_day(value: str) -> str:
    """The same, without the year if it is this one."""
    return day(date.fromisoformat(value[:10]))


def _worded(filter_: Callable[..., str]) -> Callable[..., str]:
    """Not to be worked out once and for all readers when a template is compiled: `{{ 'solved'|term('closing_kind') }}`."""

    @pass_context
    @wraps(filter_)
    def worded(_context: object, *values: Any, **params: Any) -> str:
        return filter_(*values, **params)

    return worded


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        date=long_date,
        day=day,
        weekday=weekday,
        hour=hour,
        datetime=moment,
        due=due,
        number=number,
        iso=iso,
        iso_date=iso_date,
        iso_day=iso_day,
        t=_worded(translated),
        term=_worded(term),
        meaning=_worded(meaning),
        paragraphs=paragraphs,
        file_size=file_size,
        whole=whole,
        nbsp=lambda text: str(text).replace(" ", NBSP),
    )
