"""Forms about the desk itself: kept filters, reply templates."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, Length, Optional

from portal.cases.forms.acting import SAY, Pick, Text
from portal.web.forms import Form, Words


class FilterNameForm(Form):
    """A name for a kept filter."""

    name = Words(_l("Name of the filter"), [DataRequired(SAY)], max_length=60)


class SaveFilterForm(FilterNameForm):
    """A filter to keep under a name."""

    query = HiddenField(validators=[Length(max=500)])


class ReplyTemplateForm(Form):
    """A reply to start from."""

    name = Words(_l("Name of the template"), [DataRequired(SAY)], max_length=120)
    category_id = Pick(_l("Category"), [Optional()], empty=_l("Any category"))
    unit_id = Pick(_l("For whom"), [Optional()], empty=_l("All units"))
    body = Text(_l("Text"), [DataRequired(SAY)], rows=10)
