"""How numbers of a yearly series are written and read: document numbers, public references, receipts. Pure.

Which number comes next is counted in `numbers`, in the transaction that uses it; here it gets its form.
A form is a pattern with `{year}` or `{yy}` and with `{n}`, or `{n:05}` to fill up with zeros. Nothing else
in braces is taken, since patterns are typed by people and `str.format` would reach into objects.
"""

import re
import unicodedata
from dataclasses import dataclass

from portal.kernel.errors import Invalid

LONGEST_PATTERN = 80
_FIELD = re.compile(r"\{(?:(year)|(yy)|n(?::0([1-9]))?)\}")
_SIGNS = str.maketrans("﹝[(【﹞])】–—−_", "〔〔〔〔〕〕〕〕----")
_TYPED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Series:
    """The form of a series; a pattern that would give a number twice, or none, is refused."""

    pattern: str

    def __post_init__(self) -> None:
        fields = _FIELD.findall(self.pattern)
        years = sum(bool(year or short) for year, short, _ in fields)
        rest = _FIELD.sub("", self.pattern)
        if years != 1 or len(fields) != 2 or "{" in rest or "}" in rest:
            raise Invalid("series_pattern", pattern=self.pattern)
        if len(self.pattern) > LONGEST_PATTERN or not rest.isprintable():
            raise Invalid("series_pattern", pattern=self.pattern)

    def write(self, year: int, n: int) -> str:
        """The `n`-th number of a year (four digits); a number too long for its zeros just grows."""

        def value(field: re.Match[str]) -> str:
            if field[1]:
                return f"{year:04}"
            return f"{year % 100:02}" if field[2] else str(n).zfill(int(field[3] or 1))

        return _FIELD.sub(value, self.pattern)

    def read(self, typed: str) -> tuple[int, int] | None:
        """Year and number of what somebody typed, or None when it is not of this series.

        Width, case, spaces, missing zeros, left out hyphens and the shape of brackets do not matter.
        """
        match = re.fullmatch(_shape(self.pattern), _loose(typed[:_TYPED_AT_MOST]))
        if match is None:
            return None
        year = int(match["year"])
        return (year if year > 99 else 2000 + year), int(match["n"])

    def same(self, typed: str) -> str:
        """The number that was typed, as it is written; empty when it is not of this series."""
        read = self.read(typed)
        return self.write(*read) if read else ""


def _loose(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).upper().translate(_SIGNS)
    return re.sub(r"\s+", "", wide)


def _shape(pattern: str) -> str:
    """The regular expression that a loosely typed number of the series matches."""
    shape, rest = "", 0
    for field in _FIELD.finditer(pattern):
        digits = (
            "(?P<year>[0-9]{4})" if field[1] else "(?P<year>[0-9]{2})" if field[2] else "(?P<n>[0-9]{1,12})"
        )
        shape += re.escape(_loose(pattern[rest : field.start()])) + digits
        rest = field.end()
    return (shape + re.escape(_loose(pattern[rest:]))).replace(r"\-", "-?")


RECEIPT = Series("S{yy}-{n:06}")
"""Of an appeal, for its asker: S26-000123."""

CASE = Series("B{yy}-{n:05}")
"""Of a case, public: B26-04187."""

COMMITMENT = Series("C{yy}-{n:04}")
"""Of a commitment, public: C26-0187."""

NOTICE = Series("N{yy}-{n:04}")
"""Of a notice, public: N26-0042."""

OUTCOME = Series("O{yy}-{n:04}")
"""Of an outcome, public: O26-0042."""
