"""Writing an outcome, until it is proposed to a second person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.models import Unit
from portal.identity.policy import require
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Conflict, Invalid, NotFound, Refused
from portal.kernel.words import N_
from portal.outcomes.models import Outcome, OutcomeCase
from portal.outcomes.service.linking import link
from portal.outcomes.workflow import OutcomeKind, OutcomeState, check

LONGEST_TITLE, LONGEST_BODY, LONGEST_DOCUMENT = 200, 20_000, 80
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
EARLIEST, FURTHEST = date(1990, 1, 1), timedelta(days=366)


@dataclass(frozen=True)
class Words:
    """What an outcome says. `cases`: the numbers of the cases it came out of, as they were typed."""

    kind: str
    title: str
    body: str
    unit_id: int
    effective_on: date
    document_no: str = ""
    cases: str = ""
    lang: str = "zh-Hans"


def draft(
    db: Session, now: datetime, actor: Actor, words: Words, *, corrects_id: int | None = None
) -> Outcome:
    """Begin an outcome."""
    require(actor, "outcome.draft")
    _check(db, now, words)
    outcome = Outcome(
        made_at=now, author_id=actor.person_id, state=OutcomeState.DRAFT, corrects_id=corrects_id
    )
    _write(outcome, now, actor, words)
    db.add(outcome)
    db.flush()
    link(db, actor, outcome.id, words.cases)
    return outcome


def edit(db: Session, now: datetime, actor: Actor, outcome_id: int, words: Words, version: int) -> Outcome:
    """Change a draft; refused if somebody changed it meanwhile."""
    require(actor, "outcome.draft")
    outcome = load(db, outcome_id)
    if outcome.state != OutcomeState.DRAFT:
        raise Refused("not_a_draft", N_("This outcome is not a draft any more."))
    if outcome.version != version:
        raise Conflict("changed_meanwhile", N_("Somebody changed this outcome meanwhile. Look at it again."))
    _check(db, now, words)
    _write(outcome, now, actor, words)
    db.flush()
    link(db, actor, outcome_id, words.cases)
    return outcome


def propose(db: Session, now: datetime, actor: Actor, outcome_id: int) -> Outcome:
    """Hand a draft to a second person."""
    require(actor, "outcome.draft")
    outcome = load(db, outcome_id)
    check(OutcomeState(outcome.state), OutcomeState.PROPOSED)
    outcome.state, outcome.returned_because = OutcomeState.PROPOSED, ""
    db.flush()
    return outcome


def discard(db: Session, now: datetime, actor: Actor, outcome_id: int) -> None:
    """Throw a draft away: nothing of it was ever public."""
    require(actor, "outcome.draft")
    outcome = load(db, outcome_id)
    if outcome.state != OutcomeState.DRAFT:
        raise Refused("not_a_draft", N_("This outcome is not a draft any more."))
    db.execute(delete(OutcomeCase).where(OutcomeCase.outcome_id == outcome_id))
    db.delete(outcome)


def load(db: Session, outcome_id: int) -> Outcome:
    """The outcome, locked until the transaction ends."""
    found = db.scalar(
        select(Outcome)
        .where(Outcome.id == outcome_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return found


def _check(db: Session, now: datetime, words: Words) -> None:
    if words.kind not in list(OutcomeKind):
        raise Invalid("not_on_list", N_("Choose from the list."), field="kind")
    if words.lang not in LANGUAGES:
        raise Invalid("not_on_list", N_("Choose from the list."), field="lang")
    if db.get(Unit, words.unit_id) is None:
        raise Invalid("not_on_list", N_("Choose from the list."), field="unit_id")
    for field, text, most in (("title", words.title, LONGEST_TITLE), ("body", words.body, LONGEST_BODY)):
        if not text.strip():
            raise Invalid("needed", N_("This field is required."), field=field)
        _fits(field, text, most)
    _fits("document_no", words.document_no, LONGEST_DOCUMENT)
    if words.document_no.strip() and words.kind != OutcomeKind.RULE_ISSUED:
        raise Invalid("no_rule", N_("Only a rule has a document number."), field="document_no")
    if not EARLIEST <= words.effective_on <= local_date(now, zone_of(db)) + FURTHEST:
        raise Invalid("no_such_day", N_("Give a day from 1990 to a year from now."), field="effective_on")


def _fits(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Invalid("too_long", N_("Please use at most %(max)d characters."), field=field, max=most)


def _write(outcome: Outcome, now: datetime, actor: Actor, words: Words) -> None:
    outcome.kind, outcome.lang, outcome.unit_id = words.kind, words.lang, words.unit_id
    outcome.title, outcome.body = words.title.strip(), words.body.strip()
    outcome.effective_on, outcome.document_no = words.effective_on, words.document_no.strip()
    outcome.edited_at = now
    if actor.person_id is not None:
        outcome.edited_by_id = actor.person_id
