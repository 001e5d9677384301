"""What an address may ask of the published cases: whatever is wrong becomes the default."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.pairs import index_terms
from portal.publishing.rules import (
    CaseFilter,
    day_terms,
    facet_term,
    is_too_short,
    parse,
    period_terms,
    searchable,
)

TODAY = date(2026, 6, 18)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unit", "../../etc"),
        ("unit", "x" * 81),
        ("unit", "住建局"),
        ("category", "' OR 1=1 --"),
        ("tier", "fastest"),
        ("outcome", "closed"),  # closed is never shown as an outcome
        ("from", "yesterday"),
        ("from", "1899-01-01"),
        ("to", "2026-02-30"),
        ("to", "9999-12-31"),
        ("sort", "random()"),
        ("after", "-1"),
        ("after", "0"),
        ("after", "٣"),
        ("after", "99999999999999999999"),
        ("after", "1-2"),  # the cursor of another order
        ("q", "\x00\ud800\u202e"),
    ],
)
def test_a_value_that_cannot_be_right_becomes_the_default(name: str, value: str) -> None:
    assert parse({name: value}) == CaseFilter()


def test_what_is_right_is_kept_and_written_back_as_one_address() -> None:
    asked = {
        "outcome": "solved",
        "q": "  加装   电梯 ",
        "from": "2026-01-01",
        "to": "2026-06-18",
        "unit": "Housing",
        "sort": "closed",
        "after": "1750000000000000-42",
    }
    found = parse(asked)
    assert found.words == "加装 电梯"
    assert found.after == (1750000000000000, 42)
    assert list(found.address()) == ["q", "unit", "outcome", "from", "to", "sort", "after"]
    assert parse(found.address()) == found
    assert found.chosen() == ("q", "unit", "outcome", "from", "to")


def test_days_in_the_wrong_order_are_put_right() -> None:
    found = parse({"from": "2026-06-18", "to": "2026-01-01"})
    assert (found.since, found.until) == (date(2026, 1, 1), date(2026, 6, 18))


def test_taking_a_condition_away_goes_back_to_the_beginning() -> None:
    found = parse({"q": "电梯", "from": "2026-01-01", "after": "7"})
    assert found.without("q") == parse({"from": "2026-01-01"})
    assert found.without("from") == parse({"q": "电梯"})


@pytest.mark.parametrize(
    ("words", "enough"),
    [("电梯", True), ("梯", False), ("梯 井", False), ("B26-00001", True), ("，。", False), ("lift", True)],
)
def test_two_characters_or_a_word_can_be_searched_for(words: str, enough: bool) -> None:
    assert searchable(words) is enough
    assert is_too_short(words) is not enough


def test_a_term_of_the_index_is_one_term_in_both_engines() -> None:
    terms = [facet_term("unit", 12), facet_term("tier", "first_ask"), *day_terms(TODAY)]
    assert index_terms(" ".join(terms)) == terms


@pytest.mark.parametrize(
    ("since", "until", "terms"),
    [
        (date(2026, 6, 17), date(2026, 6, 18), ("xin20260617", "xin20260618")),
        (date(2026, 4, 30), date(2026, 6, 1), ("xin20260430", "xin202605", "xin20260601")),
        (date(2025, 1, 1), date(2025, 12, 31), ("xin2025",)),
        (date(2026, 6, 18), date(2099, 1, 1), ("xin20260618",)),  # nothing comes from the future
        (date(2027, 1, 1), None, ("xin20270101",)),
    ],
)
def test_a_period_is_covered_by_few_terms(since: date, until: date | None, terms: tuple[str, ...]) -> None:
    assert period_terms(since, until, TODAY) == terms


days = st.dates(date(2019, 1, 1), TODAY)


@given(days, days, days)
def test_a_day_is_found_by_a_period_exactly_if_it_lies_in_it(one: date, other: date, day: date) -> None:
    since, until = min(one, other), max(one, other)
    terms = period_terms(since, until, TODAY)
    assert len(terms) <= 31 * 2 + 12 * 2 + 8
    assert bool(set(terms) & set(day_terms(day))) is (since <= day <= until)
    assert len(set(terms) & set(day_terms(since))) == 1, "no day twice"


def test_without_an_end_a_period_reaches_to_today() -> None:
    terms = period_terms(TODAY - timedelta(days=1), None, TODAY)
    assert terms == ("xin20260617", "xin20260618")
