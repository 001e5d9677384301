"""The public follows something by mail: the form, the answer that is always the same, confirming and leaving.

Scanners of mailboxes fetch every link they find, so a link only shows what it is about; its button does it.
"""

from hashlib import sha256

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.alerts import service
from portal.alerts.confirming import target_name, target_path
from portal.alerts.forms import FollowForm
from portal.alerts.models import Subscription
from portal.alerts.service import Follow
from portal.kernel import clock
from portal.kernel.errors import NotFound, PortalError, TooMany
from portal.kernel.words import N_
from portal.web.access import public
from portal.web.addresses import row_number
from portal.web.database import reader, settings, transaction
from portal.web.forms import Form
from portal.web.guarding import check_proof, fresh_challenge, throttle
from portal.web.locale import current
from portal.web.rendering import page

blueprint = Blueprint("follow", __name__)
PROOF = "follow"
ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program sends when its own button to unsubscribe is pressed (RFC 8058)."""


def address(kind: str, number: int) -> str | None:
    """Where somebody asks to follow this; None where no mail goes out. The same for every reader."""
    return url_for("follow.form", kind=kind, id=number) if settings().mail_url else None


@blueprint.get("/follow")
@public
def form() -> Response:
    """Ask for a mailbox."""
    kind, number = request.args.get("kind", ""), row_number(request.args.get("id", ""))
    return _form_page(FollowForm(formdata=None, data={"kind": kind, "target": number}))


@blueprint.post("/follow")
@public
def ask() -> Response:
    """Have the mailbox asked. Who sent the form learns nothing about it: the answer is always the same."""
    sent = FollowForm()
    if not sent.validate():
        return _form_page(sent, 422)
    kind, number = str(sent.kind.data), row_number(sent.target.data or "")
    _name(kind, number)
    try:
        check_proof(PROOF, request.form, _claim(sent), "follow.unproved")
        throttle("follow.network")
    except PortalError as error:
        sent.take(error)
        return _form_page(sent, error.status)
    if not sent.website.data:
        _ask_mailbox(Follow(kind, number, str(sent.address.data), str(sent.mode.data), current()))
    return redirect(url_for(".asked", kind=kind, id=number), 303)


def _ask_mailbox(wanted: Follow) -> None:
    """Unless it has been asked too often, by whomever; that is nobody else's business either."""
    try:
        throttle("follow.mailbox", wanted.address.strip().lower())
    except TooMany:
        return
    with transaction() as db:
        service.follow(db, clock.now(), wanted)


def _claim(sent: FollowForm) -> str:
    """A sum is good for one mailbox and one thing to follow."""
    asked = "\x1f".join(str(sent[name].data) for name in ("kind", "target", "address"))
    return sha256(asked.encode("utf-8", "replace")).hexdigest()


@blueprint.get("/follow/asked")
@public
def asked() -> Response:
    """What happens next."""
    kind, number = request.args.get("kind", ""), row_number(request.args.get("id", ""))
    name = _name(kind, number)
    folder = (settings().mail_url or "").removeprefix("file:") if settings().demo else ""
    return page("alerts/asked.html", name=name, back=target_path(reader(), kind, number), folder=folder)


@blueprint.get("/follow/<int:subscription_id>/confirm")
@public
def confirm(subscription_id: int) -> Response:
    """What the mailbox would be told of, and a button."""
    return _confirm_page(subscription_id)


@blueprint.post("/follow/<int:subscription_id>/confirm")
@public
def confirmed(subscription_id: int) -> Response:
    """The mailbox said yes."""
    if not Form().validate():
        return _confirm_page(subscription_id, 422)
    with transaction() as db:
        service.confirm(db, clock.now(), subscription_id, _token())
    return redirect(url_for(".confirm", subscription_id=subscription_id, token=_token()), 303)


@blueprint.get("/follow/<int:subscription_id>/leave")
@public
def leave(subscription_id: int) -> Response:
    """What would not be told any more, and a button."""
    return _leave_page(subscription_id)


@blueprint.post("/follow/<int:subscription_id>/leave")
@public
def left(subscription_id: int) -> Response:
    """Stop. A mail program's own button has no page before it, so no token of a form: the secret is enough."""
    by_program = request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]
    if not by_program and not Form().validate():
        return _leave_page(subscription_id, 422)
    with transaction() as db:
        service.leave(db, clock.now(), subscription_id, _token())
    if by_program:
        return Response("", 200, content_type="text/plain; charset=utf-8")
    return redirect(url_for(".leave", subscription_id=subscription_id, token=_token()), 303)


def _form_page(sent: FollowForm, status: int = 200) -> Response:
    kind, number = str(sent.kind.data or ""), row_number(str(sent.target.data or ""))
    name = _name(kind, number)
    sent.proof.data, sent.proof_answer.data = fresh_challenge(PROOF), ""
    back = target_path(reader(), kind, number)
    return page("alerts/follow.html", form=sent, name=name, back=back, status=status)


def _confirm_page(subscription_id: int, status: int = 200) -> Response:
    row = service.confirmable(reader(), clock.now(), subscription_id, _token())
    return _mailbox_page("alerts/confirm.html", row, _name(row.target_kind, row.target_id), status)


def _leave_page(subscription_id: int, status: int = 200) -> Response:
    row = service.opened(reader(), subscription_id, _token())
    return _mailbox_page(
        "alerts/leave.html", row, target_name(reader(), row.target_kind, row.target_id), status
    )


def _mailbox_page(template: str, row: Subscription, name: str | None, status: int) -> Response:
    back = target_path(reader(), row.target_kind, row.target_id)
    return page(template, row=row, name=name, back=back, token=_token(), form=Form(), status=status)


def _name(kind: str, number: int) -> str:
    name = target_name(reader(), kind, number) if settings().mail_url else None
    if name is None:
        raise NotFound("nothing_to_follow", N_("There is nothing here that can be followed by e-mail."))
    return name


def _token() -> str:
    return request.args.get("token", "")[:100]
