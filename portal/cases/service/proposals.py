"""What the portal proposes about a fresh appeal: unit and person, by the office's rules. A person decides.

A rule's conditions are kept as JSON with codes: `any_words`, `all_words`, `none_words`, `categories`, `areas`,
`channels`, `kinds`, `party`; what is missing asks for nothing.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import history
from portal.cases.models import Appeal, Case, Category, Channel, RoutingRule
from portal.cases.queries.proposed import proposed_person
from portal.cases.routing import RoutingRule as Rule
from portal.cases.routing import RoutingSubject
from portal.cases.routing import propose as first_fitting
from portal.cases.subjects import subject_of
from portal.cases.texts import AppealText
from portal.cases.vocabulary import Act
from portal.identity.actors import SYSTEM
from portal.identity.models import Area
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of


def propose(db: Session, now: datetime, case: Case, appeal: Appeal) -> None:
    """Note the unit, and perhaps the person, that the first fitting rule names."""
    rules = active_rules(db, appeal.party_kind)
    found = first_fitting(rules, subject_for(db, appeal)) if rules else None
    if found is None:
        return
    case.proposed_unit_id, case.proposed_by_rule_id = found.unit, found.rule
    case.proposed_person_id = found.person
    history.record(db, now, SYSTEM, case.id, Act.UNIT_PROPOSED, unit_id=found.unit, rule_id=found.rule)


def person_proposed(db: Session, now: datetime, case: Case) -> int | None:
    """The person whom the rule names, if they can be given the case today; else it is for the unit to decide."""
    day = local_date(now, zone_of(db))
    found = proposed_person(db, case.proposed_unit_id, case.proposed_person_id, day)
    if found is None or not found.is_here or found.id in subject_of(db, case.id).concerned_person_ids:
        return None
    return found.id


def active_rules(db: Session, party: str | None = None) -> list[Rule]:
    """The office's rules in their order; with `party`, those that hold for it."""
    rows = db.scalars(
        select(RoutingRule).where(RoutingRule.active).order_by(RoutingRule.sort, RoutingRule.id)
    )
    fitting = [row for row in rows if party is None or row.conditions.get("party") in (None, "", party)]
    if not fitting:
        return []
    ids = {
        "categories": _ids(db, Category),
        "areas": _ids(db, Area),
        "channels": _ids(db, Channel),
    }
    return [_rule(row, ids) for row in fitting]


def _ids(db: Session, table: Any) -> dict[str, int]:
    return {row.code: row.id for row in db.execute(select(table.code, table.id))}


def _rule(row: RoutingRule, ids: dict[str, dict[str, int]]) -> Rule:
    asked = row.conditions

    def chosen(name: str) -> frozenset[int]:
        # A code that is gone fits nothing, rather than asking for nothing.
        return frozenset(ids[name].get(code, 0) for code in asked.get(name, ()))

    return Rule(
        row.id,
        row.unit_id,
        row.person_id,
        any_of=tuple(asked.get("any_words", ())),
        all_of=tuple(asked.get("all_words", ())),
        none_of=tuple(asked.get("none_words", ())),
        categories=chosen("categories"),
        areas=chosen("areas"),
        channels=chosen("channels"),
        kinds=frozenset(asked.get("kinds", ())),
    )


def subject_for(db: Session, appeal: Appeal) -> RoutingSubject:
    """An appeal as the rules see it; a street counts as part of its district."""
    words = db.get_one(AppealText, appeal.id)
    return RoutingSubject(
        appeal.id,
        f"{words.title}\n{words.body}\n{words.place}",
        categories=_only(appeal.category_id),
        areas=frozenset(_with_above(db, appeal.area_id)),
        channel=appeal.channel_id,
        kind=appeal.kind,
        concerned_units=_only(appeal.concerns_unit_id),
        concerned_persons=_only(appeal.concerns_person_id),
    )


def _only(found: int | None) -> frozenset[int]:
    return frozenset() if found is None else frozenset({found})


def _with_above(db: Session, area_id: int | None) -> set[int]:
    found: set[int] = set()
    while area_id is not None and area_id not in found:
        found.add(area_id)
        area_id = db.scalar(select(Area.parent_id).where(Area.id == area_id))
    return found
