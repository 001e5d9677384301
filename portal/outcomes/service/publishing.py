"""Making an outcome public, correcting it by a new one, taking it away: acts on the publication record."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel import events
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid, Refused
from portal.kernel.numbers import take
from portal.kernel.series import OUTCOME
from portal.kernel.words import N_
from portal.ledger import service as ledger
from portal.outcomes.events import OutcomePublished, OutcomeWithdrawn
from portal.outcomes.models import Outcome, OutcomeCase
from portal.outcomes.service.linking import copy
from portal.outcomes.service.writing import Words, draft, load
from portal.outcomes.workflow import OutcomeState, check
from portal.publishing.models import PublishedCase

KIND = "outcome"


def publish(db: Session, now: datetime, actor: Actor, outcome: Outcome) -> None:
    """Give it its number and put it on record, as this second person decided."""
    check(OutcomeState(outcome.state), OutcomeState.PUBLISHED)
    if outcome.corrects_id:
        load(db, outcome.corrects_id)
        _refuse_twice(db, outcome.corrects_id)
    year = local_date(now, zone_of(db)).year
    ref = OUTCOME.write(year, take(db, KIND, year))
    outcome.ref, outcome.approved_by_id = ref, actor.person_id
    outcome.state, outcome.published_at = OutcomeState.PUBLISHED, now
    db.flush()
    ledger.record(
        db,
        now,
        KIND,
        ref,
        "released",
        _content(db, outcome),
        outcome.author_id,
        outcome.approved_by_id,
    )
    events.publish(db, now, OutcomePublished(outcome.id))


def correct(db: Session, now: datetime, actor: Actor, outcome_id: int) -> Outcome:
    """Begin the outcome that corrects a published one; both point to each other once it is public."""
    outcome = load(db, outcome_id)
    if outcome.state != OutcomeState.PUBLISHED:
        raise Refused("not_public", N_("Only a published outcome can be corrected."))
    _refuse_twice(db, outcome_id)
    words = Words(
        outcome.kind,
        outcome.title,
        outcome.body,
        outcome.unit_id,
        outcome.effective_on,
        outcome.document_no,
        lang=outcome.lang,
    )
    made = draft(db, now, actor, words, corrects_id=outcome.id)
    copy(db, outcome.id, made.id)
    return made


def withdraw(db: Session, now: datetime, actor: Actor, outcome_id: int, reason: str) -> Outcome:
    """Take a published outcome away at once. Number, title and reason stay; its words go off the record."""
    require(actor, "outcome.approve")
    outcome = load(db, outcome_id)
    check(OutcomeState(outcome.state), OutcomeState.WITHDRAWN)
    if not reason.strip():
        raise Invalid("needed", N_("Give a reason: it is published."), field="reason")
    outcome.state, outcome.withdrawn_at = OutcomeState.WITHDRAWN, now
    outcome.withdrawn_because = reason.strip()[:500]
    ref = str(outcome.ref)
    ledger.record(
        db, now, KIND, ref, "withdrawn", {"ref": ref, "words": outcome.withdrawn_because}, actor.person_id
    )
    ledger.empty(db, KIND, ref, ("released",))
    db.flush()
    events.publish(db, now, OutcomeWithdrawn(outcome.id))
    return outcome


def _refuse_twice(db: Session, outcome_id: int) -> None:
    newer = db.scalar(
        select(Outcome.ref)
        .where(Outcome.corrects_id == outcome_id, Outcome.state == OutcomeState.PUBLISHED)
        .limit(1)
    )
    if newer:
        raise Refused(
            "corrected_already", N_("It was corrected by %(ref)s already. Correct that."), ref=newer
        )


def _content(db: Session, outcome: Outcome) -> dict[str, Any]:
    corrected = db.get(Outcome, outcome.corrects_id) if outcome.corrects_id else None
    cases = db.scalars(
        select(PublishedCase.ref)
        .join(OutcomeCase, OutcomeCase.case_id == PublishedCase.case_id)
        .where(OutcomeCase.outcome_id == outcome.id, PublishedCase.visible)
        .order_by(PublishedCase.ref)
    )
    return {
        "ref": outcome.ref,
        "kind": outcome.kind,
        "title": outcome.title,
        "body": outcome.body,
        "lang": outcome.lang,
        "unit_id": outcome.unit_id,
        "effective_on": outcome.effective_on.isoformat(),
        "document_no": outcome.document_no,
        "cases": list(cases),
        "corrects": corrected.ref if corrected else None,
    }
