"""Answering a question of the unit by the timed link that was sent: for this one question only, without the code."""

from datetime import datetime

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.cases import attachments
from portal.cases import service as cases
from portal.identity.actors import Actor, asker
from portal.intake.asker_forms import AnswerForm
from portal.intake.queries.following import Asked, question_by_link
from portal.intake.views import blueprint
from portal.intake.views.receiving import drop, receive
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.files import KeptFile
from portal.web.access import public
from portal.web.database import reader, settings, transaction
from portal.web.guarding import throttle
from portal.web.rendering import page
from portal.web.words import _

LONGEST_TOKEN = 100


@blueprint.get("/appeals/answer/<token>")
@public
def answer_link(token: str) -> Response:
    """The question behind a link, as long as it is open."""
    asked = question_by_link(reader(), clock.now(), token[:LONGEST_TOKEN])
    return _show(token, asked, AnswerForm(place="link"))


@blueprint.post("/appeals/answer/<token>")
@public
def answer_by_link(token: str) -> Response:
    """Take the answer."""
    asked = question_by_link(reader(), clock.now(), token[:LONGEST_TOKEN])
    form = AnswerForm(place="link")
    if asked is None:
        return _show(token, None, form)
    if not form.validate():
        return _show(token, asked, form, 422)
    kept: list[KeptFile] = []
    try:
        throttle("appeal.form")
        kept = receive(form)
        if form.files.errors:
            drop(kept)
            return _show(token, asked, form, 422)
        with transaction() as db:
            give_answer(db, clock.now(), asker(asked.appeal_id), asked.id, form, kept)
    except PortalError as error:
        drop(kept)
        form.take(error)
        return _show(token, asked, form, error.status)
    flash(_("Your answer was received; the unit works on."), "success")
    return redirect(url_for("appeals.track", receipt=asked.receipt), 303)


def give_answer(
    db: Session, now: datetime, actor: Actor, question_id: int, form: AnswerForm, kept: list[KeptFile]
) -> None:
    """The answer with its files."""
    ids = [attachments.store(db, now, actor, file, "appeal").id for file in kept]
    cases.answer_question(db, now, actor, question_id, form.text.data or "", ids)


def _show(token: str, asked: Asked | None, form: AnswerForm, status: int = 200) -> Response:
    here = settings()
    return page(
        "intake/answer.html",
        status=status if asked else 410,
        asked=asked,
        token=token,
        form=form,
        most_files=here.max_attachments,
        most_mb=here.max_attachment_mb,
    )
