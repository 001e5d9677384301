"""What the asker does, with receipt and query code: look, withdraw, object, answer a question, rate."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case, RefusalObjection
from portal.cases.service.checks import one_of, text_fits, text_given
from portal.cases.service.closing import close_if_settled
from portal.cases.service.gates import last_reply
from portal.cases.service.moves import load, move, note_act, write_note
from portal.cases.service.numbering import same_receipt
from portal.cases.service.reopening import ask_for_reopening, rating_is_open
from portal.cases.subjects import require_asker, require_for_case
from portal.cases.texts import AskerQuestion, Attachment, RatingRow
from portal.cases.vocabulary import Act, Rating
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor, ActorKind
from portal.kernel.codes import hash_code, normalise
from portal.kernel.db import keys_of
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_

_NO_CODE = "0" * 64
LONGEST_COMMENT = 2000


def appeal_by_code(db: Session, receipt: str, code: str) -> int | None:
    """The appeal that receipt number and query code open together. A wrong number and a wrong code are
    answered alike, also in time."""
    row = db.execute(
        select(Appeal.id, Appeal.code_hash).where(Appeal.receipt == same_receipt(receipt))
    ).first()
    given = hash_code(keys_of(db).codes, normalise(code))
    fits = hmac.compare_digest(given, (row.code_hash if row else None) or _NO_CODE)
    return row.id if row and fits else None


def question_by_token(db: Session, now: datetime, token: str) -> tuple[int, int] | None:
    """(question id, appeal id) behind the timed link of a question, while it is open."""
    row = db.execute(
        select(AskerQuestion.id, AskerQuestion.appeal_id).where(
            AskerQuestion.token_hash == hash_code(keys_of(db).codes, token),
            AskerQuestion.answered_at.is_(None),
            AskerQuestion.due_at > now,
        )
    ).first()
    return (row.id, row.appeal_id) if row else None


def withdraw(db: Session, now: datetime, actor: Actor, case_id: int, reason: str = "") -> None:
    """The asker takes the appeal back (or the office for them). Not while others ask the same in this case."""
    case = load(db, case_id)
    asking = actor.kind is ActorKind.ASKER
    subject = require_asker(db, actor, case) if asking else require_for_case(db, actor, "case.withdraw", case)
    if len(subject.appeal_ids) > 1:
        raise Refused(
            "others_ask_too",
            N_("Others ask the same in this case, so it goes on. You need not do anything."),
        )
    move(
        db,
        now,
        actor,
        case,
        CaseState.WITHDRAWN,
        Act.WITHDRAWN,
        reason=reason,
        for_asker=asking,
    )


def object_to_refusal(db: Session, now: datetime, actor: Actor, case_id: int, text: str) -> None:
    """The asker objects to not being accepted: once."""
    text_given("text", text, LONGEST_COMMENT)
    case = load(db, case_id)
    require_asker(db, actor, case)
    if CaseState(case.state) is not CaseState.NOT_ACCEPTED:
        raise Refused("not_declined", N_("There is no refusal to object to."))
    if db.scalar(select(RefusalObjection.id).where(RefusalObjection.case_id == case_id)):
        raise Refused("objected_before", N_("There was an objection already; there can be only one."))
    note = write_note(db, now, actor, case_id, text, for_asker=True)
    db.add(RefusalObjection(case_id=case_id, appeal_id=actor.appeal_id, note_id=note.id, made_at=now))
    note_act(db, now, actor, case, Act.REFUSAL_OBJECTED, note_id=note.id)


def answer_question(
    db: Session,
    now: datetime,
    actor: Actor,
    question_id: int,
    text: str,
    attachment_ids: Sequence[int] = (),
) -> None:
    """The asker gives more; the clock runs on."""
    text_given("text", text)
    question = db.get(AskerQuestion, question_id)
    if question is None or actor.kind is not ActorKind.ASKER or question.appeal_id != actor.appeal_id:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    case = load(db, question.case_id)
    require_asker(db, actor, case)
    if question.answered_at is not None or CaseState(case.state) is not CaseState.WAITING_ASKER:
        raise Refused("question_over", N_("This question is not open any more."))
    question.answer, question.answered_at = text.strip(), now
    _attach(db, question, attachment_ids)
    move(
        db,
        now,
        actor,
        case,
        CaseState.HANDLING,
        Act.ASKER_ANSWERED,
        sources=(CaseState.WAITING_ASKER,),
        question_id=question.id,
    )


def _attach(db: Session, question: AskerQuestion, attachment_ids: Sequence[int]) -> None:
    if not attachment_ids:
        return
    taken = db.execute(
        update(Attachment)
        .where(
            Attachment.id.in_(attachment_ids), Attachment.appeal_id.is_(None), Attachment.case_id.is_(None)
        )
        .values(appeal_id=question.appeal_id, case_id=question.case_id, kind="appeal")
    )
    if taken.rowcount != len(set(attachment_ids)):  # type: ignore[attr-defined]
        raise Invalid("attachment_gone", N_("A file is no longer there. Attach it again."), field="files")


def rate(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    result: str,
    speed: str,
    attitude: str,
    overall: str | None = None,
    comment: str = "",
    from_unit_network: bool = False,
) -> None:
    """An asker judges the newest reply, once. Dissatisfied with a text asks for reopening; otherwise the case
    closes when everybody has rated."""
    for field, level in (("result", result), ("speed", speed), ("attitude", attitude)):
        one_of(field, level, Rating)
    if overall:
        one_of("overall", overall, Rating)
    text_fits("comment", comment, LONGEST_COMMENT)
    case = load(db, case_id)
    require_asker(db, actor, case)
    row = RatingRow(
        case_id=case_id,
        appeal_id=actor.appeal_id,
        reply_id=_rated_reply(db, now, actor, case),
        result=result,
        speed=speed,
        attitude=attitude,
        overall=overall or None,
        comment=comment.strip(),
        unit_network=from_unit_network,
        made_at=now,
    )
    db.add(row)
    db.flush()
    note_act(db, now, actor, case, Act.RATED, rating_id=row.id, result=result)
    if Rating(result).is_dissatisfied and row.comment:
        if CaseState(case.state) is not CaseState.REOPEN_REQUESTED:
            ask_for_reopening(db, now, actor, case, reason_code="dissatisfied")
        return
    close_if_settled(db, now, case)


def _rated_reply(db: Session, now: datetime, actor: Actor, case: Case) -> int:
    reply = last_reply(db, case.id)
    state = CaseState(case.state)
    rateable = state in (CaseState.ANSWERED, CaseState.REOPEN_REQUESTED, CaseState.CLOSED)
    if reply is None or not rateable:
        raise Refused("nothing_to_rate", N_("There is no answer to rate yet."))
    if not rating_is_open(case, now):
        raise Refused("rating_over", N_("The time to rate this is over. You can submit a new appeal."))
    mine = select(RatingRow.id).where(
        RatingRow.case_id == case.id,
        RatingRow.appeal_id == actor.appeal_id,
        RatingRow.reply_id == reply.id,
    )
    if db.scalar(mine):
        raise Refused("rated_before", N_("You have already rated this answer."))
    return reply.id
