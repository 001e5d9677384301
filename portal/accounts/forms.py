"""Forms of signing in and of security settings."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.identity.credentials import is_totp_secret
from portal.web.choices import RadioField
from portal.web.forms import Form, Words

_SECRET = [InputRequired(), Length(max=200)]


class SignInForm(Form):
    """Staff number, phone or mail, and the password."""

    name = Words(_l("Staff number, phone or e-mail"), [InputRequired()], max_length=254)
    password = PasswordField(_l("Password"), _SECRET)
    next = HiddenField(validators=[Length(max=500)])


class SecondStepForm(Form):
    """The second factor."""

    code = Words(_l("Code"), [InputRequired()], max_length=40)


class NewPasswordForm(Form):
    """A first password, from a one-time link."""

    password = PasswordField(_l("New password"), _SECRET)
    again = PasswordField(_l("New password again"), _SECRET)

    def validate(self, *args: object, **kwargs: object) -> bool:
        """Both must agree."""
        valid = super().validate(*args, **kwargs)
        if valid and self.password.data != self.again.data:
            self.again.errors = [_l("The two passwords differ.")]
            return False
        return valid


class ChangePasswordForm(NewPasswordForm):
    """Another password; the present one proves who asks."""

    current = PasswordField(_l("Present password"), [Optional(), Length(max=200)])


class SecondFactorForm(Form):
    """A first code, which proves that the app has the secret."""

    secret = HiddenField(validators=[InputRequired()])
    code = Words(_l("Code from the app"), [InputRequired()], max_length=10)

    def validate_secret(self, field: HiddenField) -> None:
        """Only one that the page made; another picture is shown then."""
        if not is_totp_secret(field.data):
            raise ValidationError(_l("Invalid input."))


class PresentPasswordForm(Form):
    """The present password, before something is taken away. Several stand on one page: `place` tells them apart."""

    current = PasswordField(_l("Present password"), _SECRET)

    def __init__(self, place: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.current.id = self.current.label.field_id = f"{place}-current"


class LanguageForm(Form):
    """In which language mails and alerts come."""

    locale = RadioField(
        _l("Language of your mails"),
        choices=[("zh_Hans", "简体"), ("zh_Hant", "繁體"), ("en", "English")],
        validators=[InputRequired()],
    )
