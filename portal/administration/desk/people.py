"""People: the list, a new person, a person's page, their details."""

from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration.desk import blueprint, saved, stored_meanwhile, today
from portal.administration.desk.choosing import (
    appoint_or_propose,
    appointed_words,
    fill_appointment,
    role_choices,
    unit_choices,
)
from portal.administration.forms import NewPersonForm, PersonForm
from portal.administration.queries.people import STATES, PeopleFilter, people, person_called
from portal.administration.queries.person import person as person_page
from portal.administration.queries.proposals import waiting
from portal.administration.queries.record import record
from portal.identity import service, signing_in
from portal.identity.models import Person
from portal.identity.roles import TWO_PERSON_ROLES
from portal.identity.service.people import EDITED
from portal.kernel import clock
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings
from portal.web.filters import translated
from portal.web.ids import id_argument
from portal.web.rendering import page

LIST = "administration.people_list"


@blueprint.get("/people")
@requires("person.manage")
def people_list() -> Response:
    """The staff, newest first: search, filters, pages."""
    wanted = _wanted()
    found = people(reader(), today(), wanted)
    return page(
        "administration/people.html",
        regions=("results",),
        wanted=wanted,
        found=found,
        roles=[("", _("All roles")), *role_choices()],
        role_names=dict(role_choices()),
        units=[("", _("All units")), *unit_choices()],
        states=[("", _("All")), *((code, translated(label)) for code, label in STATES.items())],
        newer_url=_list_url(wanted, before=found.newer) if found.newer else None,
        older_url=_list_url(wanted, after=found.older) if found.older else None,
        is_filtered=bool(wanted.q or wanted.role or wanted.unit_id or wanted.state),
    )


def _wanted() -> PeopleFilter:
    args = request.args
    return PeopleFilter(
        q=args.get("q", "").strip()[:80],
        role=args.get("role", "")[:40],
        unit_id=id_argument("unit"),
        state=args.get("state", "")[:10],
        after=id_argument("after"),
        before=id_argument("before"),
    )


def _list_url(wanted: PeopleFilter, **place: int | None) -> str:
    kept = {"q": wanted.q, "role": wanted.role, "unit": wanted.unit_id, "state": wanted.state} | place
    return f"{url_for(LIST)}?{urlencode({name: value for name, value in kept.items() if value})}"


@blueprint.get("/people/new")
@requires("person.manage")
def new_person() -> Response:
    """A new person with a first appointment."""
    return _new_page(NewPersonForm(data={"starts_on": today(), "unit": request.args.get("unit", "")}))


@blueprint.post("/people")
@requires("person.manage")
def add_person() -> Response:
    """Take somebody on, appoint them, and show the one-time link."""
    form = NewPersonForm()
    fill_appointment(form)
    made: dict[str, object] = {}

    def act(db):  # type: ignore[no-untyped-def]
        now, actor = clock.now(), current_actor()
        person = service.add_person(
            db,
            now,
            actor,
            form.name.data,
            staff_number=form.staff_number.data,
            phone=form.phone.data,
            email=form.email.data,
        )
        principal = form.deputy_for.data
        takes_two = form.role.data in TWO_PERSON_ROLES
        appoint_or_propose(
            db,
            now,
            actor,
            person.id,
            form.role.data,
            unit_id=form.unit.data or None,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            deputy_for_id=person_called(db, principal, "deputy_for").id if principal else None,
        )
        made.update(
            person_id=person.id,
            name=person.name,
            token=None if takes_two else signing_in.make_link(db, now, actor, person.id),
        )

    failed = saved(form, act)
    if failed:
        return _new_page(form, failed)
    if made["token"] is None:
        flash(appointed_words(form.role.data), "success")
        return redirect(url_for("administration.show_person", person_id=made["person_id"]), 303)
    return link_page(made["person_id"], made["name"], made["token"], is_new=True)


def link_page(person_id: object, name: object, token: object, *, is_new: bool = False) -> Response:
    """The one-time link, shown once and kept by no cache."""
    response = page(
        "administration/link.html",
        person_id=person_id,
        person_name=name,
        is_new=is_new,
        link=f"{settings().base_url}{url_for('accounts.welcome', token=token)}",
        days=signing_in.LINK_LASTS.days,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _new_page(form: NewPersonForm, status: int = 200) -> Response:
    fill_appointment(form)
    return page("administration/person_new.html", form=form, status=status)


@blueprint.get("/people/<int:person_id>")
@requires("person.manage")
def show_person(person_id: int) -> Response:
    """Account, appointments, leave and the record of one person."""
    db = reader()
    found, roles = person_page(db, clock.now(), today(), person_id), dict(role_choices())
    return page(
        "administration/person.html",
        person=found,
        state=found.state,
        entries=record(db, "person", person_id),
        parts={
            ("appointment", row.id): " · ".join(filter(None, (roles.get(row.role, row.role), row.unit_name)))
            for row in found.appointments
        },
        roles=roles,
        proposals=waiting(db, person_id),
    )


@blueprint.get("/people/<int:person_id>/edit")
@requires("person.manage")
def edit_person(person_id: int) -> Response:
    """Name and what the person signs in with."""
    found = person_page(reader(), clock.now(), today(), person_id)
    return _edit_page(person_id, PersonForm(obj=found, seen=found.mark))


@blueprint.post("/people/<int:person_id>")
@requires("person.manage")
def change_person(person_id: int) -> Response:
    """Save the details; what another saved meanwhile is shown beside one's own."""
    form = PersonForm()
    failed = saved(
        form,
        lambda db: service.change_person(
            db,
            clock.now(),
            current_actor(),
            person_id,
            name=form.name.data,
            staff_number=form.staff_number.data,
            phone=form.phone.data,
            email=form.email.data,
            seen_mark=form.seen.data,
        ),
    )
    if failed:
        return _edit_page(person_id, form, failed)
    flash(_("Saved."), "success")
    return redirect(url_for("administration.show_person", person_id=person_id), 303)


def _edit_page(person_id: int, form: PersonForm, status: int = 200) -> Response:
    found = person_page(reader(), clock.now(), today(), person_id)
    stored = stored_meanwhile(form, reader().get_one(Person, person_id), EDITED) if status == 409 else []
    return page("administration/person_edit.html", form=form, person=found, stored=stored, status=status)
