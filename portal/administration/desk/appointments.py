"""Appointments and leave of a person."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration.desk import blueprint, done, saved, today
from portal.administration.desk.choosing import (
    appoint_or_propose,
    appointed_words,
    fill_appointment,
    role_choices,
)
from portal.administration.forms import AppointmentForm, LastDayForm, LeaveForm
from portal.administration.queries.people import person_called
from portal.administration.queries.person import AppointmentRow, PersonPage
from portal.administration.queries.person import person as person_page
from portal.administration.queries.proposals import waiting
from portal.identity import service
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.rendering import page

PERSON = "administration.show_person"


@blueprint.get("/people/<int:person_id>/appointments/new")
@requires("person.manage")
def new_appointment(person_id: int) -> Response:
    """Another appointment."""
    return _new_page(person_id, AppointmentForm(data={"starts_on": today()}))


@blueprint.post("/people/<int:person_id>/appointments")
@requires("person.manage")
def appoint(person_id: int) -> Response:
    """Appoint somebody."""
    form = AppointmentForm()
    fill_appointment(form)

    def act(db):  # type: ignore[no-untyped-def]
        principal = form.deputy_for.data
        appoint_or_propose(
            db,
            clock.now(),
            current_actor(),
            person_id,
            form.role.data,
            unit_id=form.unit.data or None,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            deputy_for_id=person_called(db, principal, "deputy_for").id if principal else None,
        )

    failed = saved(form, act)
    if failed:
        return _new_page(person_id, form, failed)
    flash(appointed_words(form.role.data), "success")
    return redirect(url_for(PERSON, person_id=person_id), 303)


def _new_page(person_id: int, form: AppointmentForm, status: int = 200) -> Response:
    fill_appointment(form)
    return page("administration/appointment_new.html", form=form, person=_person(person_id), status=status)


@blueprint.post("/people/<int:person_id>/proposals/<int:proposal_id>/<any(grant, refuse):decision>")
@requires("person.manage")
def decide_proposal(person_id: int, proposal_id: int, decision: str) -> Response:
    """The second person's word on an appointment that takes two; its author may take it back."""
    if proposal_id not in {row.id for row in waiting(reader(), person_id)}:
        raise NotFound("no_proposal", N_("There is no such proposal."))
    granted = decision == "grant"
    return done(
        lambda db: service.decide_proposal(db, clock.now(), current_actor(), proposal_id, grant=granted),
        _("Granted. It counts from the first day on.") if granted else _("The proposal is ended."),
        PERSON,
        person_id=person_id,
    )


@blueprint.get("/people/<int:person_id>/appointments/<int:appointment_id>")
@requires("person.manage")
def show_appointment(person_id: int, appointment_id: int) -> Response:
    """One appointment: plan its last day, or end it at once."""
    _person_found, held = _held(person_id, appointment_id)
    return _appointment_page(person_id, appointment_id, LastDayForm(data={"ends_on": held.ends_on}))


@blueprint.post("/people/<int:person_id>/appointments/<int:appointment_id>/last-day")
@requires("person.manage")
def set_last_day(person_id: int, appointment_id: int) -> Response:
    """Plan the last day, or take the plan back."""
    _held(person_id, appointment_id)
    form = LastDayForm()
    failed = saved(
        form,
        lambda db: service.set_last_day(db, clock.now(), current_actor(), appointment_id, form.ends_on.data),
    )
    if failed:
        return _appointment_page(person_id, appointment_id, form, failed)
    flash(_("Saved."), "success")
    return redirect(url_for(PERSON, person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/appointments/<int:appointment_id>/end")
@requires("person.manage")
def end_appointment(person_id: int, appointment_id: int) -> Response:
    """End an appointment at once."""
    _held(person_id, appointment_id)
    return done(
        lambda db: service.end_appointment(db, clock.now(), current_actor(), appointment_id),
        _("The appointment is ended. The person's next click counts without it."),
        PERSON,
        person_id=person_id,
    )


def _appointment_page(person_id: int, appointment_id: int, form: LastDayForm, status: int = 200) -> Response:
    person, held = _held(person_id, appointment_id)
    return page(
        "administration/appointment.html",
        form=form,
        person=person,
        held=held,
        role=dict(role_choices()).get(held.role, held.role),
        status=status,
    )


def _held(person_id: int, appointment_id: int) -> tuple[PersonPage, AppointmentRow]:
    """An appointment of this very person that is not over."""
    person = _person(person_id)
    for row in person.appointments:
        if row.id == appointment_id and row.state != "over":
            return person, row
    raise NotFound("no_appointment", N_("There is no such appointment."))


def _person(person_id: int) -> PersonPage:
    return person_page(reader(), clock.now(), today(), person_id)


@blueprint.get("/people/<int:person_id>/leave/new")
@requires("person.manage")
def new_leave(person_id: int) -> Response:
    """When somebody is away."""
    return _leave_page(person_id, LeaveForm(data={"starts_on": today()}))


@blueprint.post("/people/<int:person_id>/leave")
@requires("person.manage")
def give_leave(person_id: int) -> Response:
    """Note that somebody is away."""
    form = LeaveForm()
    failed = saved(
        form,
        lambda db: service.give_leave(
            db, clock.now(), current_actor(), person_id, form.starts_on.data, form.ends_on.data
        ),
    )
    if failed:
        return _leave_page(person_id, form, failed)
    flash(_("Leave is noted."), "success")
    return redirect(url_for(PERSON, person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/leave/<int:absence_id>/cancel")
@requires("person.manage")
def cancel_leave(person_id: int, absence_id: int) -> Response:
    """Take leave back, or what is left of it."""
    if absence_id not in {row.id for row in _person(person_id).leave}:
        raise NotFound("no_leave", N_("There is no such leave."))
    return done(
        lambda db: service.cancel_leave(db, clock.now(), current_actor(), absence_id),
        _("Leave is taken back from today on."),
        PERSON,
        person_id=person_id,
    )


def _leave_page(person_id: int, form: LeaveForm, status: int = 200) -> Response:
    return page("administration/leave_new.html", form=form, person=_person(person_id), status=status)
