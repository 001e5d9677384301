"""Cases at scale: enough titles, units that fit, nothing left unfilled."""

from itertools import product
from random import Random

import pytest

from portal.cases.vocabulary import AppealKind, ClosingKind
from portal.demo import content, dates, invention


@pytest.fixture(scope="module")
def source() -> invention.Ingredients:
    return invention.ingredients()


@pytest.fixture(scope="module")
def unit_names() -> dict[str, str]:
    return {unit.code: unit.short for unit in content.load().units.values()}


def test_there_are_a_hundred_thousand_titles_and_no_two_are_alike(source: invention.Ingredients):
    titles = {
        place.name + spot + problem.title + tail
        for problems in source.problems.values()
        for problem in problems
        for place, spot, tail in product(
            source.phrases.places[problem.on].names,
            problem.spots or source.phrases.places[problem.on].spots,
            source.phrases.tails["complaint" if problem.kind is AppealKind.REPORT else problem.kind],
        )
    }
    assert len(titles) == invention.distinct_titles(source) >= 100_000


def test_every_category_has_problems_and_every_route_leads_to_a_unit(source: invention.Ingredients):
    city = content.load()
    assert source.problems.keys() == city.categories.keys()
    for route in source.phrases.routes.values():
        assert route.keys() - {"default"} <= city.areas.keys()
        assert all(city.units[unit].handles for unit in route.values())
    for kind in source.phrases.places.values():
        assert {place.area for place in kind.names} <= city.areas.keys()


def test_every_invented_case_is_whole(source: invention.Ingredients, unit_names: dict[str, str]):
    random = Random(7)
    for _ in range(2_000):
        case = invention.invent(source, random, unit_names)
        assert 6 <= len(case.title) <= 40
        assert len(case.text) >= 20 and len(case.reply) >= 40
        assert not any(dates.leftovers(text) for text in (case.title, case.text, case.reply))
        assert (case.closing is ClosingKind.EXPLAINED) == bool(case.legal_ground)


def test_the_same_seed_invents_the_same_cases(source: invention.Ingredients, unit_names: dict[str, str]):
    first, second = Random(3), Random(3)
    for _ in range(20):
        assert invention.invent(source, first, unit_names) == invention.invent(source, second, unit_names)


@pytest.mark.parametrize(
    ("area", "unit"),
    [
        ("990102001", "DL-CUIHU"),  # its own street office
        ("990103001", "XQ-HOUSING"),  # a street without one: its district's
        ("990171", "HOUSING"),  # no unit of the area: the city's
    ],
)
def test_a_street_counts_as_part_of_its_district(area: str, unit: str):
    route = {"default": "HOUSING", "990102001": "DL-CUIHU", "990103": "XQ-HOUSING"}
    assert invention.unit_for(route, area) == unit
