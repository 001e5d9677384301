"""The staff's pages of notices: what waits where, writing, the second person's decision."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases.desk.reading import indented_by_id, lists, side
from portal.kernel import clock
from portal.kernel.errors import NotFound, PortalError
from portal.kernel.words import N_
from portal.notices import queries, service
from portal.notices.forms import ApproveForm, NoticeForm, ReasonForm
from portal.notices.models import Notice
from portal.notices.service import Words
from portal.notices.service.writing import LANGUAGES
from portal.notices.workflow import NoticeKind, NoticeState
from portal.publishing.personal_data import find
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings, transaction
from portal.web.filters import term
from portal.web.forms import Form
from portal.web.markdown import drawn
from portal.web.rendering import page
from portal.web.words import _

blueprint = Blueprint("notice_desk", __name__, url_prefix="/desk/notices")
_LANGUAGE_LABELS = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}


@blueprint.get("")
@requires("notice.draft")
def index() -> Response:
    """Drafts, what is to be decided, what waits for its minute, what is public."""
    groups = [(state, queries.at_desk(reader(), state)) for state in NoticeState]
    return page("notices/desk.html", groups=groups, side=side())


@blueprint.get("/new")
@requires("notice.draft")
def new() -> Response:
    """An empty form."""
    return _editing(_fill(NoticeForm(kind=NoticeKind.ANNOUNCEMENT, lang="zh-Hans")))


@blueprint.post("/new")
@requires("notice.draft")
def begin() -> Response:
    """Keep a first draft."""
    form = _fill(NoticeForm())
    if form.validate():
        try:
            with transaction() as db:
                made = service.draft(db, clock.now(), current_actor(), _words(form))
                notice_id = made.id
        except PortalError as error:
            form.take(error)
            return _editing(form, status=error.status)
        flash(_("The draft is kept."), "success")
        return _to(notice_id)
    return _editing(form, status=422)


@blueprint.get("/<int:notice_id>")
@requires("notice.draft")
def notice(notice_id: int) -> Response:
    """A draft to write on; anything else to look at and decide."""
    found = _found(notice_id)
    if found.state == NoticeState.DRAFT:
        form = NoticeForm(obj=found)
        form.unit_id.data = str(found.unit_id or "")
        return _editing(_fill(form), found)
    return _deciding(found, ApproveForm(version=str(found.version)))


@blueprint.post("/<int:notice_id>")
@requires("notice.draft")
def save(notice_id: int) -> Response:
    """Keep what was written; propose it, if that was the button."""
    form = _fill(NoticeForm())
    if not form.validate():
        return _editing(form, _found(notice_id), 422)
    try:
        with transaction() as db:
            now, actor = clock.now(), current_actor()
            service.edit(db, now, actor, notice_id, _words(form), _version(form))
            if request.form.get("act") == "propose":
                service.propose(db, now, actor, notice_id)
    except PortalError as error:
        form.take(error)
        return _editing(form, _found(notice_id), error.status)
    if request.form.get("act") == "propose":
        flash(_("Proposed. A second person decides now."), "success")
        return redirect(url_for(".index"), 303)
    flash(_("The draft is kept."), "success")
    return _to(notice_id)


@blueprint.post("/<int:notice_id>/approve")
@requires("notice.approve")
def approve(notice_id: int) -> Response:
    """The second person publishes it, at once or at a minute."""
    form = ApproveForm()
    if form.validate():
        at = form.publish_at.data if request.form.get("when") == "later" else None
        if request.form.get("when") == "later" and at is None:
            form.refuse("needed", N_("Give day and time."), field="publish_at")
            return _deciding(_found(notice_id), form, 422)
        try:
            with transaction() as db:
                service.approve(
                    db,
                    clock.now(),
                    current_actor(),
                    notice_id,
                    publish_at=_moment(at),
                    version=_version(form),
                    checked=form.checked.data,
                )
        except PortalError as error:
            form.take(error)
            return _deciding(_found(notice_id), form, error.status)
        flash(_("It will be published at that minute.") if at else _("It is published."), "success")
        return redirect(url_for(".index"), 303)
    return _deciding(_found(notice_id), form, 422)


@blueprint.post("/<int:notice_id>/back")
@requires("notice.approve")
def back(notice_id: int) -> Response:
    """The second person hands it back."""
    return _with_reason(notice_id, service.send_back, _("Handed back."))


@blueprint.post("/<int:notice_id>/withdraw")
@requires("notice.approve")
def withdraw(notice_id: int) -> Response:
    """A published notice is taken away."""
    return _with_reason(
        notice_id, service.withdraw, _("It is withdrawn. Its number and your reason stay public.")
    )


@blueprint.post("/<int:notice_id>/stop")
@requires("notice.draft")
def stop(notice_id: int) -> Response:
    """Take it back before it is public."""
    return _plainly(notice_id, service.take_back, _("It is a draft again."))


@blueprint.post("/<int:notice_id>/correct")
@requires("notice.draft")
def correct(notice_id: int) -> Response:
    """Begin the notice that corrects this one."""
    if not Form().validate():
        return _deciding(_found(notice_id), ApproveForm(formdata=None), 422)
    with transaction() as db:
        made = service.correct(db, clock.now(), current_actor(), notice_id)
        number = made.id
    return _to(number)


@blueprint.post("/<int:notice_id>/discard")
@requires("notice.draft")
def discard(notice_id: int) -> Response:
    """Throw a draft away."""
    if not Form().validate():
        return _to(notice_id)
    with transaction() as db:
        service.discard(db, clock.now(), current_actor(), notice_id)
    flash(_("The draft is thrown away."), "success")
    return redirect(url_for(".index"), 303)


def _with_reason(notice_id: int, act: Any, said: str) -> Response:
    form = ReasonForm()
    if not form.validate():
        return _deciding(_found(notice_id), ApproveForm(formdata=None), 422, reason=form)
    try:
        with transaction() as db:
            act(db, clock.now(), current_actor(), notice_id, form.reason.data)
    except PortalError as error:
        form.take(error)
        return _deciding(_found(notice_id), ApproveForm(formdata=None), error.status, reason=form)
    flash(said, "success")
    return redirect(url_for(".index"), 303)


def _plainly(notice_id: int, act: Any, said: str) -> Response:
    if Form().validate():
        with transaction() as db:
            act(db, clock.now(), current_actor(), notice_id)
        flash(said, "success")
    return _to(notice_id)


def _found(notice_id: int) -> Notice:
    found = reader().get(Notice, notice_id) if notice_id < 2**53 else None
    if found is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return found


def _fill(form: NoticeForm) -> NoticeForm:
    form.kind.choices = [(kind.value, term(kind.value, "notice_kind")) for kind in NoticeKind]
    form.lang.choices = [(code, _LANGUAGE_LABELS[code]) for code in LANGUAGES]
    units = [(str(number), name) for number, name in indented_by_id(lists().units)]
    form.unit_id.choices = [("", _("The office")), *units]
    return form


def _words(form: NoticeForm) -> Words:
    unit = form.unit_id.data
    return Words(
        form.kind.data,
        form.title.data or "",
        form.body.data or "",
        int(unit) if unit else None,
        form.lang.data,
    )


def _version(form: Any) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdecimal() else 0


def _moment(typed: datetime | None) -> datetime | None:
    """What was typed is the time where the city is."""
    return typed.replace(tzinfo=settings().timezone) if typed else None


def _editing(form: NoticeForm, found: Notice | None = None, status: int = 200) -> Response:
    if found is not None and not form.version.data:
        form.version.data = str(found.version)
    return page("notices/edit.html", form=form, notice=found, plain_form=Form(formdata=None), status=status)


def _deciding(
    found: Notice, form: ApproveForm, status: int = 200, reason: ReasonForm | None = None
) -> Response:
    actor = current_actor()
    marked = [hit.text for hit in (*find(found.title), *find(found.body))]
    return page(
        "notices/decide.html",
        notice=found,
        body=drawn(found.body),
        form=form,
        reason_form=reason or ReasonForm(formdata=None),
        marked=list(dict.fromkeys(marked)),
        own=actor.person_id in (found.author_id, found.edited_by_id),
        may_approve=actor.has("notice.approve"),
        status=status,
    )


def _to(notice_id: int) -> Response:
    return redirect(url_for(".notice", notice_id=notice_id), 303)
