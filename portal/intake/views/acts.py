"""What an asker does to the appeal on the page: each act once, however often it is sent."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.cases import service as cases
from portal.identity.actors import Actor
from portal.intake import askers
from portal.intake.asker_forms import AnswerForm, ObjectionForm, Placed, RatingForm, WithdrawalForm
from portal.intake.queries.asker_rows import QuestionRow, Thread
from portal.intake.queries.following import from_network_of
from portal.intake.views import blueprint
from portal.intake.views.answering import give_answer
from portal.intake.views.asker_page import place, show, to_tracking, view_of
from portal.intake.views.receiving import drop, receive
from portal.kernel import clock
from portal.kernel.errors import NotFound, PortalError
from portal.kernel.files import KeptFile
from portal.kernel.words import N_
from portal.web.access import public
from portal.web.database import transaction
from portal.web.guarding import throttle
from portal.web.limits import network_of
from portal.web.words import _

Act = Callable[[Session, datetime, Actor, list[KeptFile]], object]


@blueprint.post("/appeals/<receipt>/cases/<ref>/objection")
@public
def object_here(receipt: str, ref: str) -> Response:
    """Object, once, to not being taken up."""
    held = askers.holder(receipt)
    if held is None:
        return to_tracking(receipt)
    case = _thread(held, ref).case
    form = ObjectionForm(place=place("objection", case.id))

    def act(db: Session, now: datetime, actor: Actor, _kept: list[KeptFile]) -> None:
        cases.object_to_refusal(db, now, actor, case.id, form.text.data or "")

    return _do(held, form, act, lambda: _thread(held, ref).case.objected, _("Your objection was received."))


@blueprint.post("/appeals/<receipt>/cases/<ref>/withdrawal")
@public
def withdraw_here(receipt: str, ref: str) -> Response:
    """Take it back."""
    held = askers.holder(receipt)
    if held is None:
        return to_tracking(receipt)
    case = _thread(held, ref).case
    form = WithdrawalForm(place=place("withdrawal", case.id))

    def act(db: Session, now: datetime, actor: Actor, _kept: list[KeptFile]) -> None:
        cases.withdraw(db, now, actor, case.id, form.reason.data or "")

    return _do(held, form, act, lambda: _thread(held, ref).case.state == "withdrawn", _("You withdrew it."))


@blueprint.post("/appeals/<receipt>/cases/<ref>/rating")
@public
def rate_here(receipt: str, ref: str) -> Response:
    """Rate the newest answer."""
    held = askers.holder(receipt)
    if held is None:
        return to_tracking(receipt)
    case = _thread(held, ref).case
    form = RatingForm(place=place("rating", case.id))

    def act(db: Session, now: datetime, actor: Actor, _kept: list[KeptFile]) -> None:
        cases.rate(
            db,
            now,
            actor,
            case.id,
            form.result.data,
            form.speed.data,
            form.attitude.data,
            form.overall.data or None,
            form.comment.data or "",
            from_unit_network=from_network_of(db, now, case.id, network_of(request.remote_addr or "")),
        )

    return _do(
        held, form, act, lambda: _thread(held, ref).rated, _("Thank you for rating it."), "rating.network"
    )


@blueprint.post("/appeals/<receipt>/questions/<int:question_id>/answer")
@public
def answer_here(receipt: str, question_id: int) -> Response:
    """Answer a question of the unit."""
    held = askers.holder(receipt)
    if held is None:
        return to_tracking(receipt)
    _question(held, question_id)
    form = AnswerForm(place=place("answer", question_id))

    def act(db: Session, now: datetime, actor: Actor, kept: list[KeptFile]) -> None:
        give_answer(db, now, actor, question_id, form, kept)

    return _do(
        held,
        form,
        act,
        lambda: _question(held, question_id).answered_at is not None,
        _("Your answer was received; the unit works on."),
    )


def _do(
    held: askers.Pass,
    form: Placed,
    act: Act,
    is_done: Callable[[], bool],
    said: str,
    rule: str = "appeal.form",
) -> Response:
    """Carry it out and say so. What was done already, by a double click, is told as done."""
    if not form.validate():
        return show(held, sent=form, status=422)
    kept: list[KeptFile] = []
    try:
        throttle(rule)
        kept = receive(form) if isinstance(form, AnswerForm) else []
        if form.errors:
            drop(kept)
            return show(held, sent=form, status=422)
        with transaction() as db:
            act(db, clock.now(), held.actor, kept)
    except PortalError as error:
        drop(kept)
        if not is_done():
            form.take(error)
            return show(held, sent=form, status=error.status)
    flash(said, "success")
    return redirect(url_for("appeals.mine", receipt=held.receipt), 303)


def _thread(held: askers.Pass, ref: str) -> Thread:
    for thread in view_of(held).threads:
        if thread.case.ref == ref:
            return thread
    raise _nothing()


def _question(held: askers.Pass, question_id: int) -> QuestionRow:
    for thread in view_of(held).threads:
        for question in thread.questions:
            if question.id == question_id:
                return question
    raise _nothing()


def _nothing() -> NotFound:
    return NotFound("not_found", N_("There is nothing here under this address."))
