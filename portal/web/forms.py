"""The form every form is made from: our wording in three languages, a token that fails softly.

A stale token is an error of the form like any other: it is shown again with everything that was typed and
a fresh token, so nothing is lost.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import Length

from portal.kernel.errors import Invalid, PortalError
from portal.kernel.words import N_
from portal.web.filters import told

LONGEST_NUMBER = 15
# WTForms' own messages, so that the catalogues know them.
BUILT_IN = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid integer value."),
    N_("Not a valid date value."),
    N_("Not a valid datetime value."),
    N_("Invalid email address."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("Field must be at least %(min)d characters long."),
    N_("Field must be between %(min)d and %(max)d characters long."),
    N_("Invalid input."),
    N_("'%(value)s' is not a valid choice for this field."),
)


class _Translations:
    def gettext(self, string: str) -> str:
        return str(gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        # The holes are WTForms' own to fill, and it has others than a number.
        return str(gettext(singular if n == 1 else plural))


class Form(FlaskForm):
    """Base of all forms."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _Translations()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether all is well. A stale token is told in words above the form, not at a hidden field."""
        valid = bool(super().validate(*args, **kwargs))
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = []
            self.refuse(
                "stale_form", N_("This page was open too long. Nothing was lost: please send it again.")
            )
        return valid

    def take(self, error: PortalError) -> None:
        """Show a domain error where it belongs: at its field, or above the form."""
        field = getattr(error, "field", None)
        text = told(error)
        if field and field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, text]
        else:
            self.form_errors.append(text)

    def refuse(self, code: str, message: str, field: str | None = None) -> None:
        """Add an error found by the door itself."""
        self.take(Invalid(code, message, field=field))


class OnceForm(Form):
    """A form whose second sending is not a second act: it carries a client-made id."""

    client_id = HiddenField(default=lambda: secrets.token_urlsafe(18), validators=[Length(max=64)])


def stripped(value: str | None) -> str | None:
    """Spaces at both ends are nobody's intention."""
    return value.strip() if isinstance(value, str) else value


class Words(StringField):
    """A line of text: stripped, without control characters, with its limit said in the error."""

    def __init__(self, label: Any = None, validators: Any = (), max_length: int = 200, **kwargs: Any) -> None:
        limit = Length(
            max=max_length, message=_l("Please use at most %(max)d characters.") % {"max": max_length}
        )
        super().__init__(label, [*validators, limit], filters=[stripped, printable], **kwargs)


class Whole(IntegerField):
    """A whole number of a size that somebody could have meant."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > LONGEST_NUMBER:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


def printable(value: str | None) -> str | None:
    """Without control characters, but with line breaks."""
    return "".join(c for c in value if c.isprintable() or c in "\n\t\r") if isinstance(value, str) else value
