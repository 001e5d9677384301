"""Dates as tables have them: real ones from a spreadsheet, its day numbers, or one of the usual ways to write them."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo

from portal.intake.importing.records import Cell

USUAL = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日%H:%M:%S",
    "%Y年%m月%d日%H:%M",
    "%Y年%m月%d日%H时%M分",
    "%Y年%m月%d日",
)
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
FIRST_YEAR = 1980
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - day numbers know no zone; it is added with the city's
_DAY_NUMBERS = (29_221, 73_051)
"""Of 1980 and 2100: what lies outside is no date but another number."""


class Moments:
    """Reads dates written in a zone. Remembers the way that worked last, as all rows are mostly alike."""

    def __init__(self, formats: tuple[str, ...], zone: tzinfo) -> None:
        self._formats = list(dict.fromkeys((*formats, *USUAL)))
        self._own = bool(formats)
        self._zone = zone

    def read(self, cell: Cell) -> datetime | None:
        """The moment in UTC; None for an empty cell; `ValueError` if it cannot be understood."""
        if cell is None:
            return None
        if isinstance(cell, datetime):
            return self._in_utc(cell)
        if isinstance(cell, date):
            return self._in_utc(datetime(cell.year, cell.month, cell.day))  # noqa: DTZ001 - as above
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._in_utc(_of_day_number(cell))
        text = " ".join(unicodedata.normalize("NFKC", str(cell)).split())
        return self._in_utc(self._written(text)) if text else None

    def _written(self, text: str) -> datetime:
        if not self._own and _ISO.fullmatch(text):
            return datetime.fromisoformat(text)
        compact = [_COMPACT[len(text)]] if text.isdecimal() and len(text) in _COMPACT else []
        for form in (*self._formats, *compact):
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007 - as above
            except ValueError:
                continue
            if not self._own and not compact:
                # The next row will be written like this one; a map's own order is meant as it stands.
                self._formats.remove(form)
                self._formats.insert(0, form)
            return found
        raise ValueError("no date")

    def _in_utc(self, moment: datetime) -> datetime:
        if moment.year < FIRST_YEAR:
            raise ValueError("too long ago to be meant")
        here = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        return here.astimezone(UTC)


def _of_day_number(number: float) -> datetime:
    low, high = _DAY_NUMBERS
    if not low <= number < high:
        raise ValueError("no day number")
    return _DAY_ZERO + timedelta(seconds=round(number * 86_400))
