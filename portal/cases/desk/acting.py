"""How an act on a case is done: its own small page, one form, one service call.

    @act("refusal", "case.decline", RefusalForm, title=N_("Do not accept"))
    def refuse(db, now, actor, room, form): service.not_accept(db, now, actor, room.head.id, …)

The form carries the version it was made from. If somebody changed the case meanwhile, nothing is done: the page
says who did what when and shows everything that was typed, to be sent again. Sending twice acts once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.cases.desk import blueprint
from portal.cases.desk.case import find
from portal.cases.desk.papers import as_file
from portal.cases.desk.reading import check_token
from portal.cases.desk.room import Room
from portal.cases.desk.timeline import Entry, entries
from portal.cases.forms.acting import ActForm
from portal.cases.offers import OFFERS
from portal.cases.queries import case_time, case_words
from portal.cases.queries.case_head import CaseHead
from portal.cases.service.moves import load
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel import clock, once
from portal.kernel.errors import Conflict, Invalid, Refused
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.filters import told, translated
from portal.web.rendering import page

Run = Callable[[Session, datetime, Actor, Room, Any], str | None]
"""Does the act; returns what the person is told then (message id)."""


@dataclass(frozen=True)
class ActPage:
    """An act with its page."""

    name: str
    permission: str
    form: type[ActForm]
    title: str
    button: str
    run: Run
    template: str = "cases/act.html"
    note: str = ""
    """What to know before doing it (message id)."""
    versioned: bool = True
    """Refused if the case changed since the form was made."""
    files: bool = False
    initial: Callable[[Room], dict[str, Any]] | None = None
    before: Callable[[Any], Any] | None = None
    """What takes long and needs no transaction; its result is the form's `kept`."""
    after: Callable[[Any], None] | None = None
    """What follows once it is durable."""
    fill_in: Callable[[Any], bool] | None = None
    """A button of the form that fills something in rather than sends it; whether it was that one."""
    context: Callable[[Room], dict[str, Any]] | None = None
    """What its template needs beside the case."""
    regions: tuple[str, ...] = ()

    @property
    def endpoint(self) -> str:
        return self.name.replace("/", "_").replace("-", "_")

    def url(self, room: Room) -> str:
        """Its address for this case."""
        part: dict[str, Any] = {"part_id": room.part_id} if room.part_id is not None else {}
        return url_for(f"case_desk.{self.endpoint}", ref=room.head.ref, **part)


def act(
    name: str,
    permission: str,
    form: type[ActForm],
    *,
    title: str,
    button: str = "",
    rule: str | None = None,
    **more: Any,
) -> Callable[[Run], Run]:
    """Give an act its page at `/desk/cases/<ref>/<name>`; `rule` if its address holds more than the name."""

    def register(run: Run) -> Run:
        doing = ActPage(name, permission, form, title, button or title, run, **more)

        def view(ref: str, part_id: int | None = None) -> Response:
            room = Room(find(ref), part_id)
            room.check_part()
            return _send(doing, room) if request.method == "POST" else _show(doing, room)

        blueprint.add_url_rule(
            f"/cases/<ref>/{rule or name}",
            doing.endpoint,
            requires(permission)(view),
            methods=["GET", "POST"],
        )
        return run

    return register


def at_once(name: str, permission: str) -> Callable[[Run], Run]:
    """An act that needs nothing typed: a button of the case page."""

    def register(run: Run) -> Run:
        def view(ref: str) -> Response:
            return _at_once(run, find(ref))

        blueprint.add_url_rule(
            f"/cases/<ref>/{name}", name.replace("/", "_"), requires(permission)(view), methods=["POST"]
        )
        return run

    return register


def _show(doing: ActPage, room: Room) -> Response:
    _check_fits(doing, room)
    form = doing.form(formdata=None, **(doing.initial(room) if doing.initial else {}))
    form.offer(room)
    form.version.data, form.seen.data = str(room.head.version), str(_last_entry(room.head))
    return _draw(doing, room, form)


def _check_fits(doing: ActPage, room: Room) -> None:
    """Say at once what the rules would say in the end: who may, and in which states."""
    offers = [offer for offer in OFFERS if offer.name == doing.name]
    state = CaseState(room.head.state)
    if doing.permission != "case.read":
        require(current_actor(), doing.permission, room.subject)
    if offers and not any(state in offer.states for offer in offers):
        raise Refused(
            "not_now", N_("This cannot be done while the case is “%(source)s”."), source=state.value
        )


def _send(doing: ActPage, room: Room) -> Response:
    form = doing.form()
    form.offer(room)
    if doing.fill_in and doing.fill_in(form):
        return _draw(doing, room, form)
    if not form.validate():
        return _draw(doing, room, form, 422)
    try:
        if doing.before:
            form.kept = doing.before(form)
        with transaction() as db:
            said = _once(doing, db, room, form)
    except Conflict:
        return _draw_changed(doing, room, form)
    except (Invalid, Refused) as error:
        form.take(error)
        return _draw(doing, room, form, error.status if isinstance(error, Invalid) else 409)
    if doing.after:
        doing.after(form)
    if said:
        flash(translated(said), "success")
    return redirect(url_for("case_desk.case", ref=room.head.ref, done=doing.name), 303)


def _once(doing: ActPage, db: Session, room: Room, form: Any) -> str | None:
    """Do the act, unless this very form has done it already."""
    now, actor = clock.now(), current_actor()
    scope, asked = f"desk:{actor.person_id}", once.digest(room.head.ref, doing.name)
    client_id = form.client_id.data or ""
    if client_id and once.done_before(db, scope, client_id, asked) is not None:
        return None
    if doing.versioned:
        load(db, room.head.id, form.made_from or 0)
    said = doing.run(db, now, actor, room, form)
    if client_id:
        once.remember(db, now, scope, client_id, asked, room.head.id)
    return said


def _at_once(run: Run, head: CaseHead) -> Response:
    check_token()
    version = request.form.get("version", "")
    try:
        with transaction() as db:
            load(db, head.id, int(version) if version.isdecimal() and len(version) < 16 else 0)
            said = run(db, clock.now(), current_actor(), Room(head), None)
        if said:
            flash(translated(said), "success")
    except (Conflict, Refused, Invalid) as error:
        flash(told(error), "error")
    return redirect(url_for("case_desk.case", ref=head.ref), 303)


def _draw_changed(doing: ActPage, room: Room, form: Any) -> Response:
    """Somebody was quicker: what they did, and everything that was typed."""
    fresh = Room(find(room.head.ref), room.part_id)
    changes = entries(case_time.history(reader(), fresh.head.id, after=form.last_seen))
    form.version.data, form.seen.data = str(fresh.head.version), str(_last_entry(fresh.head))
    return _draw(doing, fresh, form, 409, changes)


def _last_entry(head: CaseHead) -> int:
    return case_time.last_entry(reader(), head.id)


def _draw(
    doing: ActPage, room: Room, form: Any, status: int = 200, changes: list[Entry] | None = None
) -> Response:
    files: dict[int | None, list[dict[str, Any]]] = {}
    for line in case_words.files(reader(), room.head.id):
        files.setdefault(line.appeal_id, []).append(as_file(line, room.head.ref))
    response = page(
        doing.template,
        regions=doing.regions,
        status=status,
        doing=doing,
        room=room,
        case=room.head,
        appeals=room.askers,
        files_of=files,
        form=form,
        url=doing.url(room),
        changes=changes or [],
        **(doing.context(room) if doing.context else {}),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
