"""The public counters: every appeal counted once by what became of it, published or not.

Each change moves exactly one count, in the transaction that makes it; `rebuild_counts` does it all anew.
Imported history is not counted: what another system received and answered is no work of this portal.
"""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.workflow import CaseState
from portal.publishing.models import CountedCase, PublicCount, PublishedCase

RECEIVED, PUBLISHED, OPEN = "received", "published", "open"
NOT_TAKEN_UP = frozenset({CaseState.NOT_ACCEPTED, CaseState.WITHDRAWN})
COUNTED_TIERS = ("escalated", "joint")


def bucket_of(case: Case) -> str:
    """What became of a case, as it is counted: a closing kind, `not_accepted` (with withdrawn) or `open`."""
    if case.state == CaseState.CLOSED and case.closing_kind:
        return case.closing_kind
    return "not_accepted" if CaseState(case.state) in NOT_TAKEN_UP else OPEN


def count_received(db: Session) -> None:
    """One more appeal."""
    _add(db, RECEIVED, 1)


def count_published(db: Session, difference: int) -> None:
    """So many more cases can be read, or fewer."""
    _add(db, PUBLISHED, difference)


def recount(db: Session, now: datetime, case_id: int, *, askers_changed: bool) -> None:
    """Bring one case's counts up to date. It weighs as much as it has askers: a merged one nothing."""
    case = db.get_one(Case, case_id)
    if case.is_history:
        return
    row = db.get(CountedCase, case_id)
    if row is None:
        row = CountedCase(case_id=case_id, bucket=OPEN, weight=0, tier="")
        db.add(row)
        askers_changed = True
    weight = _askers(db, case_id) if askers_changed else row.weight
    _move(db, row.bucket, bucket_of(case), row.weight, weight)
    _move(db, row.tier, case.tier, int(row.weight > 0), int(weight > 0))
    row.bucket, row.weight, row.tier, row.unit_id = bucket_of(case), weight, case.tier, case.lead_unit_id


def rebuild_counts(db: Session, now: datetime) -> dict[str, int]:
    """Count everything anew (as the check of the counting); returns the counters."""
    db.execute(delete(PublicCount))
    db.execute(delete(CountedCase))
    weights = (
        select(CaseLink.case_id, func.count().label("weight"))
        .where(CaseLink.ended_at.is_(None))
        .group_by(CaseLink.case_id)
        .subquery()
    )
    received = select(func.count()).select_from(Appeal).where(Appeal.is_history.is_(False))
    found: dict[str, int] = {RECEIVED: db.scalar(received) or 0}
    rows = []
    statement = (
        select(Case, func.coalesce(weights.c.weight, 0))
        .outerjoin(weights, weights.c.case_id == Case.id)
        .where(Case.is_history.is_(False))
    )
    for case, weight in db.execute(statement.execution_options(yield_per=2000)):
        bucket = bucket_of(case)
        found[bucket] = found.get(bucket, 0) + weight
        if case.tier in COUNTED_TIERS and weight:
            found[case.tier] = found.get(case.tier, 0) + 1
        rows.append(
            {
                "case_id": case.id,
                "bucket": bucket,
                "weight": weight,
                "tier": case.tier,
                "unit_id": case.lead_unit_id,
            }
        )
    if rows:
        db.execute(insert(CountedCase), rows)
    readable = db.scalar(select(func.count()).select_from(PublishedCase).where(PublishedCase.visible)) or 0
    found[PUBLISHED] = readable
    db.execute(insert(PublicCount), [{"name": name, "value": value} for name, value in found.items()])
    return found


def _askers(db: Session, case_id: int) -> int:
    live = select(func.count()).where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None))
    return db.scalar(live) or 0


def _move(db: Session, source: str, target: str, before: int, after: int) -> None:
    if source == target:
        _add(db, target, after - before)
    else:
        _add(db, source, -before)
        _add(db, target, after)


# On the table: the class would have every row that the session holds looked through for this one.
_COUNTS = PublicCount.__table__.c
_RAISE = (
    update(PublicCount.__table__)  # type: ignore[arg-type]
    .where(_COUNTS.name == bindparam("counter"))
    .values(value=_COUNTS.value + bindparam("difference"))
)


def _add(db: Session, name: str, difference: int) -> None:
    if not difference or name in ("", "first_ask"):
        return
    raised = db.execute(_RAISE, {"counter": name, "difference": difference})
    if not raised.rowcount:  # type: ignore[attr-defined]
        db.execute(insert(PublicCount).values(name=name, value=difference))
