"""Forms of the end of a case: closing, calling back, opening again."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Optional

from portal.cases.forms.acting import CHOOSE, SAY, ActForm, Text, labelled
from portal.cases.forms.office import DecisionForm
from portal.cases.workflow import CaseState, closing_kinds
from portal.web.choices import RadioField


class ClosureForm(ActForm):
    """How a case ends."""

    kind = RadioField(_l("Close as"), [InputRequired(CHOOSE)])
    reason = Text(_l("Remark"), [Optional()], max_length=2000, rows=3)
    choice_hints = {"kind": "closing_kind"}

    def offer(self, room: Any) -> None:
        self.kind.choices = labelled("closing_kind", only=closing_kinds(CaseState(room.head.state)))


class ReopeningForm(ActForm):
    """It is not solved."""

    reason = Text(_l("Why it is not solved"), [DataRequired(SAY)], max_length=2000)


class ReopeningDecisionForm(DecisionForm):
    """Open again or not."""

    hints = {"explanation": _l("The asker is told this, and anybody can see that it was opened again.")}

    def offer(self, room: Any) -> None:
        self.upheld.choices = [
            ("yes", str(_l("Open again: the unit makes it good"))),
            ("no", str(_l("Refused: it stays closed"))),
        ]


class CallBackForm(ActForm):
    """What the asker said when called back."""

    satisfied = RadioField(_l("Is the asker satisfied?"), [InputRequired(CHOOSE)])
    body = Text(_l("What the asker said"), [DataRequired(SAY)], max_length=2000)
    hints = {"satisfied": _l("If not, reopening is requested and a person decides.")}

    def offer(self, room: Any) -> None:
        self.satisfied.choices = [("yes", str(_l("Yes"))), ("no", str(_l("No")))]
