"""Forms of outcomes: shape and wording."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.outcomes.service.writing import LONGEST_BODY, LONGEST_DOCUMENT, LONGEST_TITLE
from portal.web.choices import SelectField
from portal.web.forms import Form, Words, stripped


class OutcomeForm(Form):
    """What stays, whose work it is, and which cases it came out of."""

    kind = SelectField(_l("Kind of outcome"), validators=[InputRequired()])
    unit_id = SelectField(_l("Whose work"), validators=[InputRequired()])
    lang = SelectField(_l("Language of the text"), validators=[InputRequired()])
    title = Words(_l("Title"), [InputRequired()], max_length=LONGEST_TITLE)
    body = TextAreaField(_l("Text"), [InputRequired(), Length(max=LONGEST_BODY)], filters=[stripped])
    effective_on = DateField(_l("Took effect on"), [InputRequired()])
    document_no = Words(_l("Document number"), [Optional()], max_length=LONGEST_DOCUMENT)
    cases = TextAreaField(_l("Cases it came out of"), [Optional(), Length(max=2000)], filters=[stripped])
    version = HiddenField(validators=[Length(max=12)])


class ApproveForm(Form):
    """The second person has looked."""

    checked = BooleanField(_l("I have looked at the marked places; they may stand"))
    version = HiddenField(validators=[Length(max=12)])


class ReasonForm(Form):
    """Why it goes back, or why it is taken away."""

    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)], filters=[stripped])
