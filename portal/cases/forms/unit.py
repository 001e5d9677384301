"""Forms of the units: objecting, asking, waiting, proving, answering, asking for more time."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, MultipleFileField
from wtforms.validators import DataRequired, InputRequired, Optional

from portal.cases.forms.acting import CHOOSE, SAY, ActForm, Pick, Text, labelled
from portal.cases.forms.office import DecisionForm
from portal.cases.vocabulary import ClosingKind, Tier
from portal.web.choices import RadioField
from portal.web.forms import Words


class ObjectionForm(ActForm):
    """This is another unit's."""

    proposed_unit_id = Pick(
        _l("Which unit is responsible"), [DataRequired(CHOOSE)], empty=_l("Choose a unit")
    )
    reason = Text(_l("Why"), [DataRequired(SAY)], max_length=2000)
    hints = {"reason": _l("The office decides within one working day.")}

    def offer(self, room: Any) -> None:
        self.proposed_unit_id.offer([row for row in room.units() if row[0] != room.head.lead_unit_id])


class HandlerForm(ActForm):
    """Who of the unit handles the case."""

    person_id = Pick(_l("Handler"), [DataRequired(CHOOSE)], empty=_l("Choose a person"))

    def offer(self, room: Any) -> None:
        self.person_id.offer(room.people(room.head.lead_unit_id))


class NoteForm(ActForm):
    """A note in the file."""

    body = Text(_l("Note"), [DataRequired(SAY)])
    for_asker = BooleanField(_l("The asker may read this"))


class PlanForm(ActForm):
    """The plan of an escalated case."""

    body = Text(_l("Plan"), [DataRequired(SAY)], rows=8)
    hints = {"body": _l("Who does what by when.")}


class QuestionForm(ActForm):
    """A question to the asker."""

    appeal_id = Pick(_l("Whom"), [Optional()], empty=_l("The first asker"))
    body = Text(_l("What the asker is asked"), [DataRequired(SAY)])
    hints = {
        "body": _l("Say what is missing and why it is needed. The clock stands still for five days at most.")
    }

    def offer(self, room: Any) -> None:
        rows = room.appeals()
        if len(rows) > 1:
            self.appeal_id.offer(rows)
        else:
            del self.appeal_id


class WaitingForm(ActForm):
    """Somebody outside has to do something first."""

    reason = Text(_l("For whom, and for what"), [DataRequired(SAY)], max_length=2000, rows=3)
    hints = {"reason": _l("The clock stands still for 14 days at most.")}


class EvidenceForm(ActForm):
    """Files that prove what was done."""

    files = MultipleFileField(_l("Files"), [DataRequired(_l("Choose a file."))])
    caption = Words(_l("What they show"), [Optional()], max_length=200)
    hints = {
        "files": _l("Pictures, PDF or office documents. Place and camera are removed from pictures."),
        "caption": _l("Faces, plates and addresses of others do not belong in what is published."),
    }


REPLY_KINDS = (ClosingKind.SOLVED, ClosingKind.EXPLAINED, ClosingKind.NOT_OURS)
ASKED_BY: Mapping[str, tuple[str, ...]] = {
    ClosingKind.SOLVED: ("outcome", "not_needed_because"),
    ClosingKind.EXPLAINED: ("legal_ground",),
    ClosingKind.NOT_OURS: ("handed_to",),
}
"""What each way of closing asks for beside the answer; the page shows only that."""


class ReplyForm(ActForm):
    """The answer, and what its way of closing needs."""

    body = Text(_l("Answer"), [DataRequired(SAY)], max_length=20000, rows=12)
    closing_kind = RadioField(_l("How it ends"), [InputRequired(CHOOSE)])
    files = MultipleFileField(_l("Evidence"), [Optional()])
    caption = Words(_l("What the files show"), [Optional()], max_length=200)
    legal_ground = Words(_l("Legal ground"), [Optional()], max_length=500)
    handed_to = Words(_l("Handed over to, with their receipt"), [Optional()], max_length=200)
    way_forward = Words(_l("Way forward"), [Optional()], max_length=500)
    outcome = Words(_l("What was improved"), [Optional()], max_length=500)
    not_needed_because = Words(_l("Why nothing has to be improved"), [Optional()], max_length=500)
    hints = {
        "body": _l("Plainly: what was done, by whom, until when. It goes to the asker."),
        "legal_ground": _l("Needed if it cannot be done."),
        "handed_to": _l("Needed if it is handed over."),
        "way_forward": _l("An escalated case needs this, or the legal ground."),
        "outcome": _l("A solved case needs one of these two."),
        "files": _l("For a solved case. Choose them again if the form comes back."),
    }
    choice_hints = {"closing_kind": "closing_kind"}

    def offer(self, room: Any) -> None:
        self.closing_kind.choices = labelled("closing_kind", only=REPLY_KINDS)
        if room.head.tier != Tier.ESCALATED:
            del self.way_forward

    def asked(self, name: str) -> str:
        """What was typed in a box that this way of closing asks for; nothing of one that was out of sight."""
        always = ("way_forward", "legal_ground") if "way_forward" in self else ()
        wanted = name in always or name in ASKED_BY.get(self.closing_kind.data or "", ())
        return (self[name].data or "") if wanted else ""


class PartForm(ActForm):
    """A supporting unit's part."""

    state = RadioField(_l("This part is"), [InputRequired(CHOOSE)])
    reason = Text(_l("What was done, or why it is not needed"), [Optional()], max_length=2000, rows=3)
    choice_hints = {"state": "part_state"}

    def offer(self, room: Any) -> None:
        self.state.choices = labelled("part_state", only=room.part_states)


class ExtensionForm(ActForm):
    """More time."""

    proposed_day = DateField(_l("New date"), [InputRequired(_l("Give a date."))])
    ground = Text(_l("Why"), [DataRequired(SAY)], max_length=2000)
    hints = {"proposed_day": _l("Once, before the due date. Another person decides, and the asker is told.")}


class ExtensionDecisionForm(DecisionForm):
    """Granted or not."""

    hints = {"explanation": _l("Granted, the asker is told the new date and this.")}

    def offer(self, room: Any) -> None:
        self.upheld.choices = [("yes", str(_l("Granted"))), ("no", str(_l("Refused: the date stays")))]
