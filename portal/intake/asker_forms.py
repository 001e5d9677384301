"""What an asker does to an appeal: answers a question, objects, withdraws, rates."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.validators import DataRequired, InputRequired

from portal.intake.forms import Text, terms
from portal.web.choices import RadioField
from portal.web.forms import Form

RATED = ("result", "speed", "attitude")


class Placed(Form):
    """A form of which several may stand on one page: `place` makes its ids different."""

    def __init__(self, *args: Any, place: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        for field in self:
            field.id = f"{place}-{field.id}"
            field.label.field_id = field.id


class AnswerForm(Placed):
    """The answer to a question of the unit."""

    text = Text(_l("Your answer"), [DataRequired(_l("Write your answer"))], max_length=5000)
    files = MultipleFileField(_l("Photos or documents"))


class ObjectionForm(Placed):
    """The one objection to not being taken up."""

    text = Text(_l("Why it should be taken up"), [DataRequired(_l("Say why"))], max_length=2000)


class WithdrawalForm(Placed):
    """Taking it back, for good."""

    reason = Text(_l("Why"), max_length=500)


class RatingForm(Placed):
    """Five levels for result, speed and attitude of the unit, and one for the office."""

    result = RadioField(
        _l("Result: is the matter settled?"), validators=[InputRequired(_l("Rate the result"))]
    )
    speed = RadioField(_l("Speed: did it go fast enough?"), validators=[InputRequired(_l("Rate the speed"))])
    attitude = RadioField(
        _l("Attitude: how were you treated?"), validators=[InputRequired(_l("Rate the attitude"))]
    )
    overall = RadioField(_l("The office: all in all?"), choices=[])
    comment = Text(_l("In your words"), max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RATED:
            self[name].choices = terms("rating")
        self.overall.choices = terms("rating")
        self.overall.validate_choice = False
        if self.overall.data not in dict(terms("rating")):
            self.overall.data = None
