"""How numbers of a series are written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.errors import Invalid
from portal.kernel.series import CASE, COMMITMENT, RECEIPT, Series

SLIP = Series("平会厅交〔{year}〕{n}号")
PATTERNS = st.sampled_from(
    [RECEIPT, CASE, COMMITMENT, SLIP, Series("{year}{n}"), Series("{n}-{yy}"), Series("第{n:03}号({year})")]
)


@pytest.mark.parametrize(
    ("series", "year", "n", "text", "remark"),
    [
        (SLIP, 2026, 3, "平会厅交〔2026〕3号", "a document number"),
        (CASE, 2026, 4187, "B26-04187", "a case, filled up with zeros"),
        (RECEIPT, 2026, 123, "S26-000123", "a receipt"),
        (COMMITMENT, 2026, 187, "C26-0187", "a commitment"),
        (CASE, 2026, 123456, "B26-123456", "more than the zeros foresaw"),
        (CASE, 2005, 1, "B05-00001", "a year of one digit"),
        (Series("100%{n}\\{year}"), 2026, 1, "100%1\\2026", "signs that mean something elsewhere"),
    ],
)
def test_writing(series: Series, year: int, n: int, text: str, remark: str) -> None:
    assert series.write(year, n) == text, remark
    assert series.read(text) == (year, n), remark


@pytest.mark.parametrize(
    ("series", "typed", "found", "remark"),
    [
        (SLIP, "平会厅交[2026]3号", (2026, 3), "square brackets, as keyboards have them"),
        (SLIP, "平会厅交（２０２６）３号", (2026, 3), "round ones in full width"),
        (SLIP, " 平会厅交 〔2026〕 3 号 ", (2026, 3), "spaces"),
        (CASE, "b26-4187", (2026, 4187), "a small letter and no zero"),
        (CASE, "Ｂ２６－０４１８７", (2026, 4187), "full width"),
        (CASE, "S26-000123", None, "another series"),
        (CASE, "B26-", None, "no number"),
        (CASE, "B26-04187x", None, "something after it"),
        (CASE, "B26-٣٤", None, "digits of another script"),
        (CASE, "", None, "nothing"),
        (SLIP, "平会厅交〔26〕3号", None, "a short year where a long one belongs"),
    ],
)
def test_reading(series: Series, typed: str, found: tuple[int, int] | None, remark: str) -> None:
    assert series.read(typed) == found, remark


@pytest.mark.parametrize(
    ("pattern", "remark"),
    [
        ("平会厅交{n}号", "no year: numbers would come again"),
        ("平会厅交〔{year}〕号", "no number"),
        ("{n}-{n}-{year}", "the number twice"),
        ("{n}-{n}", "the number twice and no year"),
        ("{year}-{yy}", "the year twice and no number"),
        ("{year}-{yy}-{n}", "the year twice"),
        ("{n.__class__}{year}{n}", "no way into objects"),
        ("{name}{year}{n}", "an unknown field"),
        ("{{{year}{n}", "a stray brace"),
        ("{n:>99999}{year}", "no other formats"),
        ("{year}\n{n}", "a line break"),
        ("{year}{n}" + "x" * 80, "too long"),
        ("", "nothing"),
    ],
)
def test_patterns_that_are_refused(pattern: str, remark: str) -> None:
    with pytest.raises(Invalid) as invalid:
        Series(pattern)
    assert invalid.value.code == "series_pattern", remark


@given(PATTERNS, st.integers(2000, 2099), st.integers(1, 10**9))
def test_what_is_written_is_read_again_so_no_two_numbers_look_alike(
    series: Series, year: int, n: int
) -> None:
    assert series.read(series.write(year, n)) == (year, n)


@given(PATTERNS, st.text(max_size=300))
def test_nothing_typed_breaks_reading(series: Series, typed: str) -> None:
    series.read(typed)


@pytest.mark.parametrize("typed", ["S26000123", "s26 123", "S26–000123", "s26_000123", "Ｓ２６—１２３"])
def test_a_receipt_is_read_with_any_hyphen_or_none(typed: str) -> None:
    assert RECEIPT.same(typed) == "S26-000123"
    assert CASE.same(typed) == ""
