"""The category rules as rows, and a trial of them on recent appeals: what would change, nothing is assigned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.models import RoutingRule as RuleTable
from portal.cases.queries.choices import Choice, Choices
from portal.cases.queries.proposed import ProposedPerson, proposed_people
from portal.cases.routing import Proposal, RoutingRule, RoutingSubject, propose
from portal.cases.subjects import visible
from portal.cases.texts import AppealText
from portal.identity.actors import Actor
from portal.identity.models import Unit

RECENT = 300
SHOWN = 30


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the office wrote it; conditions hold codes."""

    id: int
    sort: int
    name: str
    conditions: dict[str, Any]
    unit_id: int
    unit: str
    active: bool
    person: ProposedPerson | None = None
    """Whom it names, and whether that stands today."""


def rule_rows(db: Session, day: date) -> list[RuleRow]:
    """The rules in the order in which they are asked, with the people they name as it stands on `day`."""
    statement = (
        select(
            RuleTable.id,
            RuleTable.sort,
            RuleTable.name,
            RuleTable.conditions,
            RuleTable.unit_id,
            Unit.name.label("unit"),
            RuleTable.active,
            RuleTable.person_id,
        )
        .join(Unit, Unit.id == RuleTable.unit_id)
        .order_by(RuleTable.sort, RuleTable.id)
    )
    found = db.execute(statement).all()
    people = proposed_people(db, ((row.unit_id, row.person_id) for row in found), day)
    return [
        RuleRow(
            row.id,
            row.sort,
            row.name,
            row.conditions,
            row.unit_id,
            row.unit,
            row.active,
            people.get((row.unit_id, row.person_id or 0)),
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Tried:
    """A recent appeal as the trial sees it."""

    ref: str
    title: str
    party: str
    subject: RoutingSubject


def recent(db: Session, actor: Actor, lists: Choices) -> list[Tried]:
    """The newest appeals the actor may see, with the unit a person asked first. One statement."""
    above = {row.id: row.parent_id for row in lists.areas}
    found = db.execute(
        select(
            Case.ref,
            Case.first_asked_unit_id,
            Appeal.id,
            Appeal.party_kind,
            Appeal.category_id,
            Appeal.area_id,
            Appeal.channel_id,
            Appeal.kind,
            Appeal.concerns_unit_id,
            Appeal.concerns_person_id,
            AppealText.title,
            AppealText.body,
            AppealText.place,
        )
        .select_from(Case)
        .join(CaseLink, (CaseLink.case_id == Case.id) & (CaseLink.kind == "opened"))
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .join(AppealText, AppealText.appeal_id == Appeal.id)
        .where(visible(actor), Case.is_history.is_(False), Appeal.erased_at.is_(None))
        .order_by(Case.id.desc())
        .limit(RECENT)
    )
    return [Tried(row.ref, row.title, row.party_kind, _subject(row, above)) for row in found]


def _subject(row: Any, above: dict[int, int | None]) -> RoutingSubject:
    areas, area = set(), row.area_id
    while area is not None and area not in areas:
        areas.add(area)
        area = above.get(area)
    return RoutingSubject(
        row.id,
        f"{row.title}\n{row.body}\n{row.place}",
        categories=_only(row.category_id),
        areas=frozenset(areas),
        channel=row.channel_id,
        kind=row.kind,
        concerned_units=_only(row.concerns_unit_id),
        concerned_persons=_only(row.concerns_person_id),
        decided_unit=row.first_asked_unit_id,
    )


def _only(found: int | None) -> frozenset[int]:
    return frozenset() if found is None else frozenset({found})


@dataclass(frozen=True, slots=True)
class Change:
    """An appeal for which another unit or person would be proposed."""

    ref: str
    title: str
    before: str
    after: str
    decided: str


@dataclass(frozen=True, slots=True)
class RuleTally:
    """What a rule would have done: how often it proposed, and whether people had asked the same unit first."""

    proposed: int = 0
    agreed: int = 0
    disagreed: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What the rules would propose for recent appeals."""

    total: int
    proposed: int
    by_rule: dict[int, RuleTally]
    changes: tuple[Change, ...]
    more_changes: int


def trial(
    before: Sequence[RuleRow], after: Sequence[RuleRow], tried: Iterable[Tried], lists: Choices
) -> Trial:
    """Ask the rules as they are and as they would be, appeal by appeal."""
    names = _Names(lists, [*before, *after])
    old, new = _by_party(before, lists), _by_party(after, lists)
    tallies = {row.id: RuleTally() for row in after}
    changes: list[Change] = []
    total = 0
    for one in tried:
        total += 1
        was, would = propose(old[one.party], one.subject), propose(new[one.party], one.subject)
        if would:
            tallies[would.rule] = _counted(tallies[would.rule], would.unit, one.subject.decided_unit)
        told, then = names.of(was), names.of(would)
        if told != then:
            decided = names.units.get(one.subject.decided_unit or 0, "")
            changes.append(Change(one.ref, one.title, told, then, decided))
    proposed = sum(tally.proposed for tally in tallies.values())
    return Trial(total, proposed, tallies, tuple(changes[:SHOWN]), max(0, len(changes) - SHOWN))


class _Names:
    """What is proposed, in words: the unit, and the person if one is named who can have it."""

    def __init__(self, lists: Choices, rules: Iterable[RuleRow]) -> None:
        self.units = {unit.id: unit.name for unit in lists.units}
        self.people = {row.person.id: row.person.name for row in rules if row.person}

    def of(self, found: Proposal | None) -> str:
        if found is None:
            return ""
        unit = self.units.get(found.unit, "")
        return f"{unit} · {self.people.get(found.person, '')}" if found.person else unit


def _counted(tally: RuleTally, unit: int, decided: int | None) -> RuleTally:
    return replace(
        tally,
        proposed=tally.proposed + 1,
        agreed=tally.agreed + (decided == unit),
        disagreed=tally.disagreed + (decided is not None and decided != unit),
    )


def _by_party(rules: Sequence[RuleRow], lists: Choices) -> dict[str, list[RoutingRule]]:
    """The active rules that hold for each kind of party."""
    return {
        party: [
            as_rule(row, lists)
            for row in rules
            if row.active and row.conditions.get("party") in (None, "", party)
        ]
        for party in ("person", "company")
    }


def as_rule(row: RuleRow, lists: Choices) -> RoutingRule:
    """The rule as the matching sees it; a code that is gone fits nothing."""
    asked = row.conditions
    return RoutingRule(
        row.id,
        row.unit_id,
        row.person.id if row.person and row.person.is_here else None,
        any_of=tuple(asked.get("any_words", ())),
        all_of=tuple(asked.get("all_words", ())),
        none_of=tuple(asked.get("none_words", ())),
        categories=_ids(lists.categories, asked.get("categories", ())),
        areas=_ids(lists.areas, asked.get("areas", ())),
        channels=_ids(lists.channels, asked.get("channels", ())),
        kinds=frozenset(asked.get("kinds", ())),
    )


def _ids(known: Iterable[Choice], codes: Iterable[str]) -> frozenset[int]:
    by_code = {row.code: row.id for row in known}
    return frozenset(by_code.get(code, 0) for code in codes)
