"""What the forms of an appointment share: roles and units in the reader's words, and who has to decide."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.administration.desk import today
from portal.administration.forms import AppointmentForm
from portal.administration.queries import units
from portal.identity import service
from portal.identity.actors import Actor
from portal.identity.roles import ROLES, TWO_PERSON_ROLES
from portal.web.database import reader
from portal.web.filters import translated


def role_choices() -> list[tuple[str, str]]:
    """Every role."""
    return [(code, translated(role.label)) for code, role in ROLES.items()]


def unit_choices(*, besides: int | None = None) -> list[tuple[str, str]]:
    """Units that exist today, those below others moved in."""
    return units.unit_choices(reader(), today(), besides=besides)


def fill_appointment(form: AppointmentForm) -> None:
    """The choices of an appointment."""
    form.role.choices = role_choices()
    form.unit.choices = [("", _("No unit: the whole office")), *unit_choices()]


def appoint_or_propose(
    db: Session, now: datetime, actor: Actor, person_id: int, role: str, **details: Any
) -> None:
    """Appoint; what takes two persons is proposed."""
    act = service.propose_appointment if role in TWO_PERSON_ROLES else service.appoint
    act(db, now, actor, person_id, role, **details)


def appointed_words(role: str) -> str:
    """What has happened, and what comes next."""
    if role in TWO_PERSON_ROLES:
        return str(_("Proposed. This role takes two persons: it holds once another administrator grants it."))
    return str(_("Appointed. It counts from the first day on, wherever the person is signed in."))
