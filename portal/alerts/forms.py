"""The forms of alerts: what the staff want to be told, how and when; how the public follows something."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError
from wtforms.validators import DataRequired

from portal.alerts.queries import Chosen
from portal.alerts.rules import STAFF_GROUPS, Mode, Way
from portal.identity import rules
from portal.kernel.errors import Invalid
from portal.web.choices import RadioField, SelectField
from portal.web.forms import Form, Words

MODES = (
    (Mode.AT_ONCE, _l("At once")),
    (Mode.DAILY, _l("Once a day, together")),
    (Mode.OFF, _l("Not at all")),
)
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


def _by_mail() -> SelectField:
    return SelectField(_l("By e-mail"), choices=MODES)


def _by_sms() -> SelectField:
    return SelectField(_l("By text message"), choices=MODES)


def _hour(label: Any) -> SelectField:
    return SelectField(label, choices=HOURS, coerce=int)


class ChoicesForm(Form):
    """A field for each group of alerts and way, named `group_way`, and the hours."""

    work_mail, work_sms = _by_mail(), _by_sms()
    clock_mail, clock_sms = _by_mail(), _by_sms()
    decisions_mail, decisions_sms = _by_mail(), _by_sms()
    quiet_from = _hour(_l("Quiet from"))
    quiet_to = _hour(_l("Quiet until"))
    digest_hour = _hour(_l("What comes once a day comes at"))

    def modes(self) -> list[tuple[str, str, str]]:
        """(group, way, mode) as chosen."""
        return [(group, way, self[f"{group}_{way}"].data) for group in STAFF_GROUPS for way in Way]

    @staticmethod
    def values(chosen: Chosen) -> dict[str, Any]:
        """What the form shows first."""
        modes = {f"{group}_{way}": mode for (group, way), mode in chosen.modes.items()}
        return modes | {name: getattr(chosen, name) for name in ("quiet_from", "quiet_to", "digest_hour")}


class FollowForm(Form):
    """Where somebody of the public wants to be told of something, and how often."""

    proof = HiddenField()
    proof_answer = HiddenField()
    kind = HiddenField()
    target = HiddenField()
    address = Words(_l("E-mail"), [DataRequired(_l("Give an e-mail address."))], max_length=254)
    mode = RadioField(
        _l("When do you want to be told?"),
        choices=[
            (Mode.AT_ONCE, _l("As soon as something happens")),
            (Mode.DAILY, _l("Once a day, together")),
        ],
        default=Mode.AT_ONCE,
        validators=[DataRequired(_l("Choose from the list."))],
    )
    website = Words(_l("Website"), max_length=5000)

    def validate_address(self, field: Words) -> None:
        try:
            rules.email(field.data)
        except Invalid:
            raise ValidationError(_l("This is no e-mail address, for example name@example.com")) from None
