"""Forms of the release review: shape and wording. What is suspected is decided place by place."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.web.forms import Form, Words, stripped

SAY = _l("Please fill this in.")
LONG = 10_000
SHORT = 500


class StartForm(Form):
    """Which case is to be published."""

    ref = Words(_l("Case number"), [DataRequired(SAY)], max_length=20)


class DraftForm(Form):
    """The texts as everybody will read them. Files and decisions are fields named by number and key."""

    version = HiddenField(validators=[Length(max=12)])
    title = Words(_l("Title"), [DataRequired(SAY)], max_length=200)
    body = TextAreaField(_l("The problem"), [DataRequired(SAY), Length(max=LONG)], filters=[stripped])
    reply = TextAreaField(_l("The answer"), [DataRequired(SAY), Length(max=LONG)], filters=[stripped])
    mechanism = TextAreaField(_l("What stays"), [Length(max=2000)], filters=[stripped])
    note = TextAreaField(_l("What was changed and why"), [Length(max=SHORT)], filters=[stripped])


class ReturnForm(Form):
    """What the second person wants mended."""

    words = TextAreaField(
        _l("What should be mended"), [DataRequired(SAY), Length(max=SHORT)], filters=[stripped]
    )


class CorrectionForm(Form):
    """The visible note of a correction."""

    note = TextAreaField(
        _l("What was changed and why"), [DataRequired(SAY), Length(max=SHORT)], filters=[stripped]
    )


class WithdrawalForm(Form):
    """Why something published is taken down; everybody reads it."""

    words = TextAreaField(
        _l("Why it is taken down"), [DataRequired(SAY), Length(max=SHORT)], filters=[stripped]
    )
