"""Forms of notices: shape and wording."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.notices.service.writing import LONGEST_BODY, LONGEST_TITLE
from portal.web.choices import SelectField
from portal.web.forms import Form, Words, stripped


class NoticeForm(Form):
    """What it says, and who says it."""

    kind = SelectField(_l("Kind of notice"), validators=[InputRequired()])
    unit_id = SelectField(_l("Who gives notice"), validators=[Optional()])
    lang = SelectField(_l("Language of the text"), validators=[InputRequired()])
    title = Words(_l("Title"), [InputRequired()], max_length=LONGEST_TITLE)
    body = TextAreaField(_l("Text"), [InputRequired(), Length(max=LONGEST_BODY)], filters=[stripped])
    version = HiddenField(validators=[Length(max=12)])


class ApproveForm(Form):
    """At once, or at a minute."""

    publish_at = DateTimeLocalField(_l("Publish at"), [Optional()], format="%Y-%m-%dT%H:%M")
    checked = BooleanField(_l("I have looked at the marked places; they may stand"))
    version = HiddenField(validators=[Length(max=12)])


class ReasonForm(Form):
    """Why it goes back, or why it is taken away."""

    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)], filters=[stripped])
