"""What was done to a person, a unit or an entry of a list, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.administration.queries.timetable import JOBS
from portal.identity.models import AdminEntry, Person
from portal.kernel.words import N_

SHOWN = 20
KINDS: Mapping[str, str] = {
    "person.added": N_("Taken on"),
    "person.changed": N_("Details changed"),
    "person.disabled": N_("Account switched off"),
    "person.enabled": N_("Account switched on"),
    "person.signed_out": N_("Signed out everywhere"),
    "appointment.made": N_("Appointed"),
    "appointment.changed": N_("Last day of an appointment changed"),
    "appointment.ended": N_("Appointment ended"),
    "grant.proposed": N_("Appointment proposed: it takes a second person"),
    "grant.refused": N_("Proposed appointment ended without being granted"),
    "leave.given": N_("Leave noted"),
    "leave.cancelled": N_("Leave taken back"),
    "link.made": N_("One-time link made"),
    "password.changed": N_("Password changed"),
    "second_factor.on": N_("Second factor turned on"),
    "second_factor.off": N_("Second factor turned off"),
    "recovery_codes.made": N_("Recovery codes made"),
    "unit.added": N_("Unit added"),
    "unit.changed": N_("Unit changed"),
    "unit.ended": N_("Unit ended"),
    "unit.kept": N_("End of the unit taken back"),
    "area.added": N_("Area added"),
    "area.changed": N_("Area changed"),
    "category.added": N_("Category added"),
    "category.changed": N_("Category changed"),
    "channel.added": N_("Channel added"),
    "channel.changed": N_("Channel changed"),
    "calendar.loaded": N_("Table of the year loaded"),
    "calendar.own_day": N_("The city's own day set"),
    "job.hurried": N_("Let run at once"),
    "delivery.retried": N_("Mail or text tried again"),
    "delivery.all_retried": N_("All mails and texts tried again"),
    "series.worded": N_("Wording of a number changed"),
}
FIELDS: Mapping[str, str] = {
    "name": N_("Name shown"),
    "staff_number": N_("Staff number"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "short_name": N_("Short name"),
    "name_en": N_("English name"),
    "slug": N_("Address of its page"),
    "parent_id": N_("Stands below"),
    "duties": N_("Duties"),
    "handles_cases": N_("Takes cases"),
    "sort": N_("Place in the list"),
    "description": N_("Description"),
    "active": N_("In use"),
    "kind": N_("Way"),
    "staff_only": N_("For staff only"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the record; labels are message ids. `part_id` is an id of what `about` names."""

    at: datetime
    by: str
    label: str
    fields: tuple[str, ...]
    about: str
    part_id: int | None


def record(db: Session, subject_kind: str, subject_id: int) -> tuple[Entry, ...]:
    """The newest entries about a subject; one statement."""
    rows = db.execute(
        select(AdminEntry, Person.name)
        .outerjoin(Person, Person.id == AdminEntry.actor_id)
        .where(AdminEntry.subject_kind == subject_kind, AdminEntry.subject_id == subject_id)
        .order_by(AdminEntry.id.desc())
        .limit(SHOWN)
    )
    return tuple(
        Entry(
            entry.at,
            name or "",
            KINDS.get(entry.kind, entry.kind),
            tuple(FIELDS.get(field) or JOBS.get(field, field) for field in entry.what.split()),
            entry.kind.partition(".")[0],
            entry.part_id,
        )
        for entry, name in rows
    )
