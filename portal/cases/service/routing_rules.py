"""The office's category rules: words and circumstances that propose a unit, and perhaps a person in it; the first
that fits counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import RoutingRule
from portal.identity.actors import Actor
from portal.identity.models import Unit
from portal.identity.policy import require
from portal.identity.queries import people_with
from portal.identity.service import note
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_


def save_rule(
    db: Session,
    now: datetime,
    actor: Actor,
    rule_id: int | None,
    *,
    name: str,
    conditions: Mapping[str, Any],
    unit_id: int | None,
    person_id: int | None = None,
) -> int:
    """Write a rule behind the others, or change one in its place. A person must handle cases in the unit. Returns
    its id."""
    require(actor, "rule.edit")
    if not name.strip():
        raise Invalid("empty", N_("Please fill this in."), field="name")
    asked = {key: value for key, value in conditions.items() if value}
    if not any(key for key in asked if key != "none_words"):
        raise Invalid("no_condition", N_("Say when the rule holds: give a word, category, area or channel."))
    unit = db.get(Unit, unit_id) if unit_id is not None else None
    if unit is None or not unit.handles_cases:
        raise Invalid("unit_not_valid", N_("Choose a unit that takes cases today."), field="unit_id")
    day = local_date(now, zone_of(db))
    if person_id is not None and person_id not in [
        found for found, _, _ in people_with(db, "case.handle", [unit.id], day)
    ]:
        raise Invalid("not_appointed", N_("This person has no appointment in the unit."), field="person_id")
    row = _get(db, rule_id) if rule_id is not None else RoutingRule(sort=_last(db) + 1, active=True)
    row.name, row.conditions, row.unit_id, row.person_id = name.strip(), asked, unit.id, person_id
    db.add(row)
    db.flush()
    note(db, now, actor, "rule.saved", "routing_rule", row.id)
    return row.id


def switch_rule(db: Session, now: datetime, actor: Actor, rule_id: int, active: bool) -> None:
    """Turn a rule on or off. What it proposed before stays as it was."""
    require(actor, "rule.edit")
    _get(db, rule_id).active = active
    note(db, now, actor, "rule.on" if active else "rule.off", "routing_rule", rule_id)


def move_rule(db: Session, now: datetime, actor: Actor, rule_id: int, up: bool) -> None:
    """Let a rule be asked one place earlier or later; at the end of the row nothing happens."""
    require(actor, "rule.edit")
    moved = _get(db, rule_id)
    rows = list(db.scalars(select(RoutingRule).order_by(RoutingRule.sort, RoutingRule.id)))
    at = rows.index(moved)
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows, 1):
        row.sort = place
    note(db, now, actor, "rule.moved", "routing_rule", rule_id)


def _last(db: Session) -> int:
    return db.scalar(select(func.max(RoutingRule.sort))) or 0


def _get(db: Session, rule_id: int) -> RoutingRule:
    row = db.get(RoutingRule, rule_id)
    if row is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return row
