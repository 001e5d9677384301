"""Which unit to propose for an appeal: ordered rules over its words and marks. Pure; a person assigns.

The first rule that fits counts. A unit or person whom the appeal complains about is never proposed
(domain: section 3, conflict of interest); then the next rule is asked.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from portal.kernel.pairs import fold

EXAMPLES = 3
"""Appeals named per rule in a dry run."""

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """If all that is asked for holds, this unit is proposed. What is empty asks for nothing."""

    id: int
    unit: int
    person: int | None = None
    any_of: tuple[str, ...] = ()
    """Words of which at least one occurs."""
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    categories: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RoutingSubject:
    """What the rules see of an appeal. Categories and areas include those above, so that a rule for a
    district holds for its streets."""

    id: int
    text: str
    categories: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()
    channel: int | None = None
    kind: str | None = None
    concerned_units: frozenset[int] = frozenset()
    concerned_persons: frozenset[int] = frozenset()
    decided_unit: int | None = None
    """Whom a person asked first, if that is known; for judging rules."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit, perhaps a person in it, and why."""

    unit: int
    person: int | None
    rule: int
    words: tuple[str, ...]
    """The words of the rule that occur."""


def propose(rules: Iterable[RoutingRule], subject: RoutingSubject) -> Proposal | None:
    """What the first fitting rule proposes; None: a person decides without help."""
    text = _loose(subject.text)
    for rule in rules:
        if rule.unit not in subject.concerned_units and _fits(rule, subject, text):
            return _proposal(rule, subject, text)
    return None


def _proposal(rule: RoutingRule, subject: RoutingSubject, text: str) -> Proposal:
    person = None if rule.person in subject.concerned_persons else rule.person
    words = tuple(word for word in (*rule.all_of, *rule.any_of) if _occurs(word, text))
    return Proposal(rule.unit, person, rule.id, words)


def _fits(rule: RoutingRule, subject: RoutingSubject, text: str) -> bool:
    return (
        (not rule.kinds or subject.kind in rule.kinds)
        and (not rule.channels or subject.channel in rule.channels)
        and (not rule.categories or not rule.categories.isdisjoint(subject.categories))
        and (not rule.areas or not rule.areas.isdisjoint(subject.areas))
        and (not rule.any_of or any(_occurs(word, text) for word in rule.any_of))
        and all(_occurs(word, text) for word in rule.all_of)
        and not any(_occurs(word, text) for word in rule.none_of)
    )


def _occurs(word: str, text: str) -> bool:
    """A word of ornaments only occurs nowhere, or an empty field would fit every appeal."""
    loose = _loose_word(word)
    return bool(loose) and loose in text


def _loose(text: str) -> str:
    return _SPACES.sub("", fold(text))


_loose_word = lru_cache(maxsize=10_000)(_loose)


@dataclass(slots=True)
class RuleTally:
    """What a rule would have done."""

    proposed: int = 0
    shadowed: int = 0
    """It fits, but a rule before it was faster; a rule with nothing else is dead."""
    agreed: int = 0
    """A person had asked the same unit first."""
    disagreed: int = 0
    """A person had asked another unit first."""
    examples: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What the rules would have done with appeals that are there."""

    total: int
    proposed: int
    unmatched: tuple[int, ...]
    """Some of the appeals that no rule fits."""
    by_rule: Mapping[int, RuleTally]
    by_unit: Mapping[int, int]


def dry_run(rules: Sequence[RoutingRule], subjects: Iterable[RoutingSubject]) -> DryRun:
    """Try the rules on appeals without assigning anything."""
    tallies = {rule.id: RuleTally() for rule in rules}
    by_unit: dict[int, int] = {}
    unmatched: list[int] = []
    total = 0
    for subject in subjects:
        total += 1
        fitting = _fitting(rules, subject)
        if not fitting:
            unmatched.append(subject.id)
            continue
        first, *later = fitting
        _count(tallies[first.id], first, subject)
        by_unit[first.unit] = by_unit.get(first.unit, 0) + 1
        for rule in later:
            tallies[rule.id].shadowed += 1
    return DryRun(total, total - len(unmatched), tuple(unmatched[:EXAMPLES]), tallies, by_unit)


def _fitting(rules: Iterable[RoutingRule], subject: RoutingSubject) -> list[RoutingRule]:
    text = _loose(subject.text)
    return [rule for rule in rules if rule.unit not in subject.concerned_units and _fits(rule, subject, text)]


def _count(tally: RuleTally, rule: RoutingRule, subject: RoutingSubject) -> None:
    tally.proposed += 1
    if len(tally.examples) < EXAMPLES:
        tally.examples.append(subject.id)
    if subject.decided_unit is not None:
        tally.agreed += subject.decided_unit == rule.unit
        tally.disagreed += subject.decided_unit != rule.unit
