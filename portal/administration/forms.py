"""Forms of administration: shape and wording. What is right is decided by the services."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.web.choices import RadioField, SelectField
from portal.web.forms import Form, Whole, Words, stripped

NEEDED = InputRequired()
OTHER = Optional()


def _seen() -> HiddenField:
    """What the form was made from, so that two who edit at once are told."""
    return HiddenField(validators=[Length(max=40)])


class ChoiceField(SelectField):
    """A select over ids: nothing chosen is None. Choices are given when the form is made."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_id, choices=[("", "")], **kwargs)


def _id(value: Any) -> int | str:
    return int(value) if value not in (None, "", "None") else ""


class PersonForm(Form):
    """Name, and what the person signs in with."""

    name = Words(_l("Name"), [NEEDED], max_length=80)
    staff_number = Words(_l("Staff number"), [OTHER], max_length=40)
    phone = Words(_l("Phone"), [OTHER], max_length=30)
    email = Words(_l("E-mail"), [OTHER], max_length=254)
    seen = _seen()


class AppointmentForm(Form):
    """As what, where, from when to when, in whose place."""

    role = SelectField(_l("Role"), validators=[NEEDED])
    unit = ChoiceField(_l("Unit"))
    starts_on = DateField(_l("First day"), [NEEDED])
    ends_on = DateField(_l("Last day"), [OTHER])
    deputy_for = Words(_l("Stands in for"), [OTHER], max_length=80)


class NewPersonForm(PersonForm, AppointmentForm):
    """A new person with a first appointment."""


class LastDayForm(Form):
    """The planned last day of an appointment; empty takes the plan back."""

    ends_on = DateField(_l("Last day"), [OTHER])


class LeaveForm(Form):
    """From when to when somebody is away."""

    starts_on = DateField(_l("First day of leave"), [NEEDED])
    ends_on = DateField(_l("Last day of leave"), [NEEDED])


class UnitForm(Form):
    """A unit of the tree."""

    name = Words(_l("Full name"), [NEEDED], max_length=120)
    short_name = Words(_l("Short name"), [OTHER], max_length=60)
    name_en = Words(_l("English name"), [OTHER], max_length=160)
    slug = Words(_l("Address of its page"), [OTHER], max_length=80)
    parent = ChoiceField(_l("Stands below"))
    handles_cases = BooleanField(_l("Takes cases"))
    duties = TextAreaField(_l("Duties"), [OTHER, Length(max=2000)], filters=[stripped])
    phone = Words(_l("Phone for the public"), [OTHER], max_length=40)
    sort = Whole(_l("Place among its neighbours"), [OTHER, NumberRange(0, 999999)])
    seen = _seen()


class NewUnitForm(UnitForm):
    """A new unit; its code stays for ever."""

    code = Words(_l("Code"), [NEEDED], max_length=40)
    valid_from = DateField(_l("First day"), [NEEDED])


class EndUnitForm(Form):
    """When a unit ends and who carries on."""

    last_day = DateField(_l("Last day"), [NEEDED])
    successor = ChoiceField(_l("Who carries on"))


class AreaForm(Form):
    """An area."""

    name = Words(_l("Name shown"), [NEEDED], max_length=80)
    name_en = Words(_l("English name"), [OTHER], max_length=120)
    parent = ChoiceField(_l("Lies in"))
    active = BooleanField(_l("In use"), default=True)
    seen = _seen()


class NewAreaForm(AreaForm):
    """A new area; its code stays for ever."""

    code = Words(_l("Code"), [NEEDED], max_length=40)


class CategoryForm(Form):
    """A category of appeals."""

    name = Words(_l("Name shown"), [NEEDED], max_length=80)
    name_en = Words(_l("English name"), [OTHER], max_length=120)
    description = TextAreaField(_l("Description"), [OTHER, Length(max=500)], filters=[stripped])
    active = BooleanField(_l("In use"), default=True)
    seen = _seen()


class NewCategoryForm(CategoryForm):
    """A new category; its code stays for ever."""

    code = Words(_l("Code"), [NEEDED], max_length=40)


class ChannelForm(Form):
    """A channel appeals come through."""

    name = Words(_l("Name shown"), [NEEDED], max_length=80)
    name_en = Words(_l("English name"), [OTHER], max_length=120)
    kind = RadioField(_l("Way"), validators=[NEEDED])
    staff_only = BooleanField(_l("For staff only"))
    active = BooleanField(_l("In use"), default=True)
    seen = _seen()


class NewChannelForm(ChannelForm):
    """A new channel; its code stays for ever."""

    code = Words(_l("Code"), [NEEDED], max_length=40)


class SeriesForm(Form):
    """The wording of a document number."""

    pattern = Words(_l("Wording"), [NEEDED], max_length=80)


class CalendarForm(Form):
    """A table of holidays and make-up days, to be looked at before it counts."""

    file = FileField(_l("Table of days"))
    complete = BooleanField(_l("The years it covers are complete and count from now on"), default=True)


class CalendarDaysForm(Form):
    """The same table on its way from the dry run to the calendar, with a mark of what was shown."""

    table = HiddenField(validators=[NEEDED, Length(max=300_000)])
    complete = HiddenField(validators=[OTHER, Length(max=1)])
    seen = HiddenField(validators=[Length(max=40)])


class RecountForm(Form):
    """Why dates that were given are counted anew."""

    reason = TextAreaField(_l("Reason"), [NEEDED, Length(max=500)], filters=[stripped])
    seen = HiddenField(validators=[Length(max=40)])


class LimitForm(Form):
    """How long something may take, from when on, and why."""

    amount = Whole(_l("Length"), [OTHER, NumberRange(1, 720)])
    unit = RadioField(_l("Counted in"), validators=[NEEDED])
    remind_before = Whole(_l("Working days before the end at which it is due soon"), [InputRequired()])
    default = BooleanField(_l("Back to the default"))
    starts_on = DateField(_l("From when on"), [NEEDED])
    reason = TextAreaField(_l("Reason"), [NEEDED, Length(max=500)], filters=[stripped])
