"""Forms of the office: screening, refusing, assigning, deciding, joining, withdrawing and erasing."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.cases.forms.acting import CHOOSE, LONG, SAY, ActForm, Pick, PickMany, Text, labelled
from portal.web.choices import RadioField
from portal.web.forms import OnceForm, Words, printable, stripped


class ScreeningForm(ActForm):
    """What it is, where, and how it is taken up."""

    title = Words(_l("Working title"), [Optional()], max_length=200)
    kind = RadioField(_l("Kind"), [InputRequired(CHOOSE)])
    category_id = Pick(_l("Category"), [Optional()], empty=_l("No category fits"))
    area_id = Pick(_l("Area"), [Optional()], empty=_l("The whole city, or unknown"))
    tier = RadioField(_l("How it is taken up"), [InputRequired(CHOOSE)])
    hints = {
        "title": _l("Short and without names or addresses; it stands in lists and on the slip."),
        "kind": _l("The limit depends on it and runs from the submission."),
    }
    choice_hints = {"kind": "appeal_kind", "tier": "tier"}

    def offer(self, room: Any) -> None:
        self.kind.choices = labelled("appeal_kind")
        self.tier.choices = labelled("tier")
        self.category_id.offer(room.categories())
        self.area_id.offer(room.areas())


class RefusalForm(ActForm):
    """Why a case is not taken up."""

    reason_code = RadioField(_l("Reason"), [InputRequired(CHOOSE)])
    explanation = Text(_l("What the asker is told"), [DataRequired(SAY)])
    hints = {"explanation": _l("Plainly: why, and where to turn instead. The asker may object once.")}
    choice_hints = {"reason_code": "not_accepted_reason"}

    def offer(self, room: Any) -> None:
        self.reason_code.choices = labelled("not_accepted_reason")


class DecisionForm(ActForm):
    """A decision with its explanation."""

    upheld = RadioField(_l("Decision"), [InputRequired(CHOOSE)])
    explanation = Text(_l("Why"), [DataRequired(SAY)])

    @property
    def says_yes(self) -> bool:
        """Upheld, granted, reopened."""
        return bool(self.upheld.data == "yes")


class RefusalDecisionForm(DecisionForm):
    """The asker objected to not being accepted."""

    hints = {"explanation": _l("The asker is told this.")}

    def offer(self, room: Any) -> None:
        self.upheld.choices = [
            ("yes", str(_l("Upheld: the case is taken up"))),
            ("no", str(_l("Refused: the refusal stands"))),
        ]


class AssignmentForm(ActForm):
    """Which unit, which person, who helps."""

    unit_id = Pick(_l("Unit"), [DataRequired(CHOOSE)], empty=_l("Choose a unit"))
    person_id = Pick(_l("Handler"), [Optional()], empty=_l("The unit decides"))
    supporting_unit_ids = PickMany(_l("Supporting units"), [Optional()])
    reason = Text(_l("Note for the unit"), [Optional()], max_length=2000, rows=3)
    hints = {
        "supporting_unit_ids": _l("Each gets a part and a slip of its own. Hold Ctrl to choose several."),
        "unit_id": _l("Units that the appeal complains about are not in the list."),
    }

    def offer(self, room: Any) -> None:
        self.unit_id.offer(room.units())
        self.person_id.offer(room.people(self.unit_id.data))
        if room.is_joint:
            self.supporting_unit_ids.offer(room.units())
        else:
            del self.supporting_unit_ids


class BulkAssignmentForm(OnceForm):
    """One unit for several cases, or for each the one that the rules propose."""

    unit_id = Pick(_l("Unit"), [Optional()], empty=_l("As the rules propose, case by case"))
    reason = Text(_l("Note for the unit"), [Optional()], max_length=2000, rows=3)


class RerouteForm(ActForm):
    """Another unit for a case that is being handled."""

    unit_id = Pick(_l("New unit"), [DataRequired(CHOOSE)], empty=_l("Choose a unit"))
    person_id = Pick(_l("Handler"), [Optional()], empty=_l("The unit decides"))
    reason = Text(_l("Why"), [DataRequired(SAY)], max_length=2000, rows=3)
    hints = {"reason": _l("The first-asked unit stays answerable until closure.")}

    def offer(self, room: Any) -> None:
        self.unit_id.offer([row for row in room.units() if row[0] != room.head.lead_unit_id])
        self.person_id.offer(room.people(self.unit_id.data))


class ObjectionDecisionForm(DecisionForm):
    """A unit objected; refused, it has accepted."""

    unit_id = Pick(_l("To which unit, if upheld"), [Optional()], empty=_l("The unit it proposes"))

    def offer(self, room: Any) -> None:
        self.upheld.choices = [
            ("yes", str(_l("Upheld: to another unit"))),
            ("no", str(_l("Refused: the unit stays responsible and has accepted"))),
        ]
        self.unit_id.offer([row for row in room.units() if row[0] != room.head.lead_unit_id])


class TierForm(ActForm):
    """Take a case up in another way."""

    tier = RadioField(_l("How it is taken up"), [InputRequired(CHOOSE)])
    supporting_unit_ids = PickMany(_l("Supporting units"), [Optional()])
    reason = Text(_l("Why"), [DataRequired(SAY)], max_length=2000, rows=3)
    hints = {
        "tier": _l("Escalated, the limit counts from now."),
        "supporting_unit_ids": _l("Only for a joint case. Hold Ctrl to choose several."),
    }
    choice_hints = {"tier": "tier"}

    def offer(self, room: Any) -> None:
        self.tier.choices = [row for row in labelled("tier") if row[0] != room.head.tier]
        self.supporting_unit_ids.offer([row for row in room.units() if row[0] != room.head.lead_unit_id])


class MergeForm(ActForm):
    """Into which case."""

    into = StringField(
        _l("Into which case"), [DataRequired(SAY), Length(max=40)], filters=[stripped, printable]
    )
    reason = Text(_l("Why they are the same"), [Optional()], max_length=2000, rows=3)
    hints = {
        "into": _l("Case number, e.g. B26-00012. Every asker keeps receipt, code and the right to rate.")
    }


class ReasonForm(ActForm):
    """An act that needs a reason and nothing else."""

    reason = Text(_l("Why"), [DataRequired(SAY)], max_length=2000, rows=3)


class MatterForm(Form):
    """One further matter of a mixed appeal; left empty it is none."""

    title = StringField(_l("Title"), [Length(max=200)], filters=[stripped, printable])
    brief = StringField(_l("What it is about"), [Length(max=LONG)], filters=[stripped, printable])


class Matters(FieldList):
    """Numbered as our own page numbers them; other names are nobody's."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, object]) -> Iterator[int]:
        numbers = (
            name[len(prefix) + 1 :].partition("-")[0] for name in formdata if name.startswith(f"{prefix}-")
        )
        return (int(text) for text in numbers if text.isascii() and text.isdigit() and len(text) < 4)


class SplitForm(ActForm):
    """The further matters of a mixed appeal; this case keeps the first."""

    parts = Matters(FormField(MatterForm), min_entries=3, max_entries=10)

    @property
    def filled(self) -> list[tuple[str, str]]:
        """The parts somebody wrote something about."""
        rows = [(row.form.title.data or "", row.form.brief.data or "") for row in self.parts]
        return [row for row in rows if any(row)]


class ConcernsForm(ActForm):
    """Whom an appeal complains about."""

    appeal_id = Pick(_l("Which appeal"), [DataRequired(CHOOSE)], empty=_l("Choose from the list"))
    unit_id = Pick(_l("Unit"), [Optional()], empty=_l("No unit"))
    person = StringField(_l("Person"), [Optional(), Length(max=80)], filters=[stripped, printable])
    hints = {
        "unit_id": _l("Nobody appointed there will see the case from now on, at any door."),
        "person": _l("Staff number. This person will never see the case."),
    }

    def offer(self, room: Any) -> None:
        self.appeal_id.offer(room.appeals())
        self.unit_id.offer(room.units(all_of_them=True))


class ErasureForm(ActForm):
    """Erase an appeal's words for good."""

    appeal_id = Pick(_l("Which appeal"), [DataRequired(CHOOSE)], empty=_l("Choose from the list"))
    reason = Text(_l("Why"), [DataRequired(SAY)], max_length=2000, rows=3)
    sure = BooleanField(_l("I know that this cannot be undone"), [InputRequired(_l("Tick this to go on."))])
    hints = {
        "reason": _l("Without names or what was written: the history keeps this sentence."),
    }

    def offer(self, room: Any) -> None:
        self.appeal_id.offer(room.appeals())
