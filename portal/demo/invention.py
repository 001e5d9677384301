"""Cases at scale from the ingredients of `generator*.toml`: pure; the caller brings the random source.

An invented case is a believable title, text and reply with a unit that fits the area. What happens to it
afterwards (states, days, ratings) is for whoever loads it.
"""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from portal.cases.vocabulary import AppealKind, ClosingKind, PartyKind
from portal.demo.content import CITY
from portal.demo.reading import build


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place of the city and its area."""

    name: str
    area: str


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """Places of one kind, with the spots that any of them may have and the manner of most problems there."""

    manner: str
    spots: tuple[str, ...]
    names: tuple[PlaceName, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What may be wrong at a kind of place. With a `ground` the reply explains instead of saying what was done."""

    on: str
    kind: AppealKind
    route: str
    title: str
    details: tuple[str, ...]
    cause: str
    done: str
    ground: str = ""
    party: PartyKind = PartyKind.PERSON
    spots: tuple[str, ...] = ()
    """Instead of those of the kind of place."""
    manner: str = ""
    """Instead of that of the kind of place."""


@dataclass(frozen=True, slots=True)
class CategoryProblems:
    """The problems of one category."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """Sentences around a problem: how people begin and end, how units begin and end."""

    opening: tuple[str, ...]
    tried: tuple[str, ...]
    ask: tuple[str, ...]
    checked: tuple[str, ...]
    closing_line: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What goes with any problem: times, manners, ends of titles, places, and which unit handles what where."""

    since: tuple[str, ...]
    manners: dict[str, Manner]
    tails: dict[str, tuple[str, ...]]
    routes: dict[str, dict[str, str]]
    places: dict[str, PlaceKind]


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Everything `invent` draws from; problems by category code."""

    phrases: Phrases
    problems: dict[str, tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class InventedCase:
    """A generated case: title and text as an asker writes them, the reply as a unit would."""

    category: str
    kind: AppealKind
    party: PartyKind
    area: str
    unit: str
    place: str
    title: str
    text: str
    reply: str
    closing: ClosingKind
    legal_ground: str


@cache
def ingredients() -> Ingredients:
    """The ingredients of the demonstration city."""
    phrases = build(Phrases, _read("generator.toml"), "generator")
    problems: dict[str, tuple[Problem, ...]] = {}
    for path in sorted(CITY.glob("generator_problems_*.toml")):
        for code, row in _read(path.name).items():
            problems[code] = build(CategoryProblems, row, f"{path.name} {code}").problems
    return Ingredients(phrases, problems)


def distinct_titles(source: Ingredients) -> int:
    """How many titles `invent` can write, all different."""
    return sum(
        math.prod((len(_names(source, problem)), len(_spots(source, problem)), len(_tails(source, problem))))
        for problems in source.problems.values()
        for problem in problems
    )


def invent(source: Ingredients, random: Random, unit_names: dict[str, str]) -> InventedCase:
    """One case. `unit_names`: short name by unit code, for the reply."""
    category = random.choice(list(source.problems))
    problem = random.choice(source.problems[category])
    place = random.choice(_names(source, problem))
    spot = random.choice(_spots(source, problem))
    unit = unit_for(source.phrases.routes[problem.route], place.area)
    return InventedCase(
        category=category,
        kind=problem.kind,
        party=problem.party,
        area=place.area,
        unit=unit,
        place=place.name + spot,
        title=place.name + spot + problem.title + random.choice(_tails(source, problem)),
        text=_text(source, problem, place.name + spot, random),
        reply=_reply(source, problem, place.name, unit_names[unit], random),
        closing=ClosingKind.EXPLAINED if problem.ground else ClosingKind.SOLVED,
        legal_ground=problem.ground,
    )


def unit_for(route: dict[str, str], area: str) -> str:
    """The unit of the area, of its district, or the city's."""
    return route.get(area) or route.get(area[:6]) or route["default"]


def _text(source: Ingredients, problem: Problem, where: str, random: Random) -> str:
    manner = _manner(source, problem)
    details = random.sample(problem.details, k=random.choice((1, 1, 2)))
    told = (
        "".join(details).replace("{since}", random.choice(source.phrases.since), 1).replace("{since}，", "")
    )
    around = random.choice(manner.tried) + random.choice(manner.ask)
    return f"{random.choice(manner.opening)}{where}，{told}{around}"


def _reply(source: Ingredients, problem: Problem, place: str, unit: str, random: Random) -> str:
    manner = _manner(source, problem)
    closing = random.choice(manner.closing_line).format(unit=unit)
    if problem.ground:
        return f"您好，您问的事{unit}核对过了：{problem.cause}。依据是{problem.ground}。{closing}"
    checked = random.choice(manner.checked).format(unit=unit, place=place)
    return f"您好。{checked}原因是{problem.cause}。处理结果：{problem.done}。{closing}"


def _manner(source: Ingredients, problem: Problem) -> Manner:
    if problem.kind is AppealKind.ENQUIRY:
        return source.phrases.manners["enquiry"]
    return source.phrases.manners[problem.manner or source.phrases.places[problem.on].manner]


def _names(source: Ingredients, problem: Problem) -> tuple[PlaceName, ...]:
    return source.phrases.places[problem.on].names


def _spots(source: Ingredients, problem: Problem) -> tuple[str, ...]:
    return problem.spots or source.phrases.places[problem.on].spots


def _tails(source: Ingredients, problem: Problem) -> tuple[str, ...]:
    kind = AppealKind.COMPLAINT if problem.kind is AppealKind.REPORT else problem.kind
    return source.phrases.tails[kind]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CITY / name).read_text(encoding="utf-8"))
