"""How something is done to a commitment: its own small page, one form, one service call.

    @deed("follow-up", "commitment.follow_up", FollowUpForm, title=N_("Report how it goes"))
    def follow_up(db, now, actor, room, form): service.follow_up(db, now, actor, room.head.id, …)

Sending twice acts once; whoever worked on an older version is told, and nothing typed is lost. What looks like
personal data is marked before it goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.commitments.desk import blueprint
from portal.commitments.desk.marks import Marked, marked
from portal.commitments.desk.room import Room, find
from portal.commitments.forms import DeedForm
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel import clock, once
from portal.kernel.errors import Conflict, Invalid, PortalError, Refused
from portal.web.access import current_actor, requires
from portal.web.database import transaction
from portal.web.filters import translated
from portal.web.rendering import page

Run = Callable[[Session, datetime, Actor, Any, Any], str]
"""Does it; returns what the person is told then (message id)."""


@dataclass(frozen=True)
class Deed:
    """What can be done, with its page."""

    name: str
    permission: str
    form: type[DeedForm]
    title: str
    button: str
    run: Run
    note: str = ""
    room: type[Room] = Room
    initial: Callable[[Any], dict[str, Any]] | None = None
    before: Callable[[Any], Any] | None = None
    """What takes long and needs no transaction; its result is the form's `kept`."""

    @property
    def endpoint(self) -> str:
        return self.name.partition("/")[0].replace("-", "_")


def deed(
    name: str, permission: str, form: type[DeedForm], *, title: str, button: str = "", **more: Any
) -> Callable[[Run], Run]:
    """Give it its page at `/desk/commitments/<ref>/<name>`."""

    def register(run: Run) -> Run:
        doing = Deed(name, permission, form, title, button or title, run, **more)

        def view(ref: str, number: int | None = None) -> Response:
            room = doing.room(find(ref), number)
            require(current_actor(), doing.permission, room.subject)
            return _send(doing, room) if request.method == "POST" else _show(doing, room)

        blueprint.add_url_rule(
            f"/commitments/<ref>/{name}", doing.endpoint, requires(permission)(view), methods=["GET", "POST"]
        )
        return run

    return register


def _show(doing: Deed, room: Room) -> Response:
    form = doing.form(formdata=None, **(doing.initial(room) if doing.initial else {}))
    form.offer(room)
    form.version.data = str(room.head.version)
    return _draw(doing, room, form)


def _send(doing: Deed, room: Room) -> Response:
    form = doing.form()
    form.offer(room)
    if not form.validate():
        return _draw(doing, room, form, 422)
    try:
        if doing.before:
            form.kept = doing.before(form)
        with transaction() as db:
            said = once_only(db, room.head.ref, doing.name, form, lambda: _run(doing, db, room, form))
    except (Invalid, Refused, Conflict) as error:
        return _again(doing, room, form, error)
    if said:
        flash(translated(said), "success")
    return redirect(url_for("commitment_desk.commitment", ref=room.head.ref), 303)


def _run(doing: Deed, db: Session, room: Room, form: DeedForm) -> str:
    return doing.run(db, clock.now(), current_actor(), room, form)


def _again(doing: Deed, room: Room, form: DeedForm, error: PortalError) -> Response:
    form.take(error)
    if isinstance(error, Conflict):
        form.version.data = str(find(room.head.ref).version)
    return _draw(doing, room, form, error.status)


def once_only(db: Session, what: str, name: str, form: DeedForm, run: Callable[[], str]) -> str | None:
    """Do it, unless this very form has done it already."""
    scope = f"commitments:{current_actor().person_id}"
    asked, client_id = once.digest(what, name), form.client_id.data or ""
    if client_id and once.done_before(db, scope, client_id, asked) is not None:
        return None
    said = run()
    if client_id:
        once.remember(db, clock.now(), scope, client_id, asked, 0)
    return said


def look(form: DeedForm, room: Any) -> Marked:
    """The marked places of a form's words; from here on they count as shown."""
    ticked = form.is_confirmed(room)
    form.looked.data = form.fingerprint(room)
    form.confirmed.data = ticked
    return marked(form.texts(room))


def _draw(doing: Deed, room: Room, form: DeedForm, status: int = 200) -> Response:
    response = page(
        "commitments/deed.html",
        status=status,
        doing=doing,
        room=room,
        c=room.head,
        form=form,
        marked=look(form, room),
        url=request.path,
        deciding=doing.room is not Room or doing.endpoint == "agreement",
        proposal=room.proposal if doing.endpoint == "proposals" else None,
        report=room.report if doing.endpoint in ("follow_ups", "erasure") else None,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
