"""Forms of the desk: shape and wording. What a choice offers is filled in by the view."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.web.forms import Form, Words, stripped

SAY = _l("Please fill this in.")
CHOOSE = _l("Choose from the list.")
LONG = 4000


class FilterNameForm(Form):
    """A name for a kept filter."""

    name = Words(_l("Name"), [DataRequired(SAY)], max_length=60)


class SaveFilterForm(FilterNameForm):
    """A filter to keep under a name."""

    query = HiddenField(validators=[Length(max=500)])


class ReplyTemplateForm(Form):
    """A reply to start from."""

    name = Words(_l("Name"), [DataRequired(SAY)], max_length=120)
    category_id = SelectField(_l("Category"), [Optional()], coerce=str)
    unit_id = SelectField(_l("For"), [Optional()], coerce=str)
    body = TextAreaField(
        _l("Text"), [DataRequired(SAY), Length(max=LONG)], filters=[stripped], render_kw={"rows": 10}
    )
