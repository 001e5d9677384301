"""The forms of coming in: submitting an appeal, following it, and what an asker does to it."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp

from portal import glossary
from portal.cases.service.filing import LONGEST_BODY
from portal.intake.queries.lists import Option, Options
from portal.kernel.codes import check_credit_code
from portal.web.choices import RadioField, SelectField
from portal.web.forms import Form, OnceForm, Words, stripped
from portal.web.locale import current

MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
LANDLINE = re.compile(r"0\d{9,11}|[48]00\d{7}|\d{7,8}")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
KINDS = ("help", "complaint", "report", "enquiry", "suggestion")
"""In the order in which people come with them."""
FIELDS = (
    *("kind", "title", "body", "category", "area", "place", "concerns", "concerns_unit"),
    *("party_kind", "company_name", "credit_code", "contact_name", "phone", "email", "consent"),
)
"""What is kept of an appeal that is still being written."""


def tidy(value: str | None) -> str | None:
    """Text of several lines: line breaks of one kind, no invisible signs."""
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(" " if c.isspace() and c != "\n" else c for c in lines if c.isprintable() or c.isspace())


class Text(TextAreaField):
    """A text of several lines with its limit."""

    def __init__(self, label: Any, validators: Any = (), max_length: int = 2000, **kwargs: Any) -> None:
        limit = Length(
            max=max_length, message=_l("Please use at most %(max)d characters.") % {"max": max_length}
        )
        super().__init__(label, [*validators, limit], filters=[tidy, stripped], **kwargs)


def terms(group: str) -> list[tuple[str, Any]]:
    """The glossary's list as choices in the reader's language."""
    return [(code, _l(label)) for code, label in glossary.choices(group)]


def named(options: tuple[Option, ...], nothing: Any) -> list[tuple[str, Any]]:
    """Rows of a table as choices, led by the choice of none."""
    english = current() == "en"
    rows = [(str(row.id), row.name_en if english and row.name_en else row.name) for row in options]
    return [("", nothing), *rows]


class AppealForm(OnceForm):
    """What everybody tells, through whichever door."""

    title = Words(
        _l("What is the matter?"),
        [
            DataRequired(_l("Say in one sentence what the matter is")),
            Length(min=5, message=_l("Say it in one sentence of at least 5 characters")),
        ],
        max_length=100,
    )
    kind = RadioField(_l("What is it?"), validators=[DataRequired(_l("Choose what kind of appeal it is"))])
    body = Text(
        _l("What happened?"),
        [
            DataRequired(_l("Describe what happened")),
            Length(min=10, message=_l("Describe it in at least 10 characters")),
        ],
        max_length=LONGEST_BODY,
    )
    category = SelectField(_l("What is it about?"))
    area = SelectField(_l("District or county"))
    place = Words(_l("Place"), max_length=100)
    concerns = Words(_l("Whom is it about?"), max_length=100)
    concerns_unit = SelectField(_l("Unit"))
    party_kind = RadioField(_l("You write"), default="person")
    company_name = Words(_l("Name of the company"), max_length=160)
    credit_code = Words(_l("Unified social credit code"), max_length=40)
    contact_name = Words(_l("Name"), max_length=80)
    phone = Words(_l("Phone"), max_length=40)
    email = Words(_l("E-mail"), max_length=200)
    consent = RadioField(
        _l("May the result be published?"),
        choices=[("yes", _l("Yes, without anything about me")), ("no", _l("No, only count it"))],
        validators=[DataRequired(_l("Say whether the result may be published"))],
    )

    def __init__(self, *args: Any, options: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = sorted(terms("appeal_kind"), key=lambda row: KINDS.index(row[0]))
        self.party_kind.choices = [("person", _l("For myself")), ("company", _l("For a company"))]
        self.category.choices = named(options.categories, _l("Not sure: the office sorts it"))
        self.area.choices = named(options.areas, _l("Not sure, or the whole city"))
        self.concerns_unit.choices = named(options.units, _l("No unit of this list"))

    @property
    def is_company(self) -> bool:
        return bool(self.party_kind.data == "company")

    def validate_company_name(self, field: Words) -> None:
        if self.is_company and not field.data:
            raise ValidationError(_l("Give the name of the company"))

    def validate_credit_code(self, field: Words) -> None:
        if not self.is_company:
            return
        if not field.data:
            raise ValidationError(_l("Give the company's unified social credit code (18 characters)"))
        if not check_credit_code(field.data):
            raise ValidationError(
                _l("This code is not right: it has 18 letters and digits, the last of which is a check")
            )

    def validate_phone(self, field: Words) -> None:
        if field.data and phone_number(field.data) is None:
            raise ValidationError(_l("A mobile number has 11 digits, for example 13900000000"))

    def validate_email(self, field: Words) -> None:
        if field.data and not MAIL.fullmatch(field.data):
            raise ValidationError(_l("This is no e-mail address, for example name@example.com"))

    def values(self) -> dict[str, str]:
        """What was typed, by field; numbers in the form in which they are dialled."""
        typed = {name: str(self[name].data or "") for name in FIELDS}
        typed["phone"] = phone_number(typed["phone"]) or typed["phone"]
        return typed


def phone_number(typed: str) -> str | None:
    """The number without spaces, dashes and country code, or None if it cannot be one."""
    plain = re.sub(r"[\s()\-–—]", "", unicodedata.normalize("NFKC", typed))
    if mobile := MOBILE.fullmatch(plain):
        return mobile[1]
    return plain if LANDLINE.fullmatch(plain) or re.fullmatch(r"\+[1-9]\d{7,14}", plain) else None


class PublicAppealForm(AppealForm):
    """The public's door: files, and a field that only machines fill in."""

    files = MultipleFileField(_l("Photos or documents"))
    opened = HiddenField()
    website = Words(_l("Website"), max_length=5000)


class CallerForm(AppealForm):
    """The desk's door: for somebody who calls or comes in."""

    channel = SelectField(_l("How it came"), validators=[DataRequired(_l("Choose how it came"))])
    files = MultipleFileField(_l("Photos or documents"))
    source_kind = HiddenField(validators=[Regexp(r"^[a-z_]{0,40}\Z")])
    source_id = HiddenField(validators=[Regexp(r"^[0-9]{0,15}\Z")])

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = channels

    @property
    def source(self) -> tuple[str, int] | None:
        """What it came out of, if the form was opened from there."""
        kind, number = self.source_kind.data, self.source_id.data or ""
        sound = number.isascii() and number.isdecimal() and len(number) <= 15
        return (kind, int(number)) if kind and sound else None


class SendForm(OnceForm):
    """The check page: everything was said, it only has to be sent."""

    proof = HiddenField()
    proof_answer = HiddenField()


class TrackForm(Form):
    """Receipt number and query code."""

    proof = HiddenField()
    proof_answer = HiddenField()
    receipt = Words(_l("Receipt number"), [DataRequired(_l("Enter the receipt number"))], max_length=40)
    code = Words(_l("Query code"), [DataRequired(_l("Enter the query code"))], max_length=80)
