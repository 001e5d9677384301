"""Choices of the forms: roles and units in the reader's words."""

from flask_babel import gettext as _

from portal.administration.desk import today
from portal.administration.forms import AppointmentForm
from portal.administration.queries import units
from portal.identity.roles import ROLES
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
