"""Forms of the desk: making, following up, changing, ending, deciding. Each shows suspected personal data before
it is sent on."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, MultipleFileField
from wtforms.validators import DataRequired, InputRequired, Optional

from portal.cases.forms.acting import CHOOSE, SAY, Pick, Text, labelled, meanings, number
from portal.commitments.rules import LONGEST_HOW, LONGEST_TEXT, LONGEST_WHAT
from portal.commitments.workflow import DropReason, Wish
from portal.kernel.errors import Refused
from portal.kernel.once import digest
from portal.kernel.words import N_
from portal.web.choices import RadioField
from portal.web.forms import OnceForm, Words

DAY = _l("Give a day.")


class DeedForm(OnceForm):
    """Base: the version it was made from, and the places in its words that somebody has looked at."""

    version = HiddenField()
    looked = HiddenField()
    """Fingerprint of the words whose marked places were shown."""
    confirmed = BooleanField(_l("I have looked at the marked places: everybody may read them"))
    written: ClassVar[tuple[str, ...]] = ()
    """Fields whose words everybody will read."""
    hints: ClassVar[Mapping[str, Any]] = {}
    choice_hints: ClassVar[Mapping[str, str]] = {}
    files: ClassVar[bool] = False

    def offer(self, room: Any) -> None:
        """Fill in what can be chosen."""

    def texts(self, room: Any) -> dict[str, str]:
        """The words that everybody will read, by field."""
        return {name: self[name].data or "" for name in self.written}

    def is_confirmed(self, room: Any) -> bool:
        """Ticked, for these very words."""
        return bool(self.confirmed.data) and self.looked.data == self.fingerprint(room)

    def fingerprint(self, room: Any) -> str:
        """Of the words."""
        return digest(*self.texts(room).values())

    @property
    def made_from(self) -> int | None:
        """The version, or None if it is no number."""
        return number(self.version.data)

    @property
    def shown(self) -> list[Any]:
        """The fields a person fills in."""
        hidden = ("csrf_token", "confirmed")
        return [field for field in self if not isinstance(field, HiddenField) and field.name not in hidden]

    def hints_of(self, name: str) -> dict[str, str]:
        """Choice → hint, for a field whose choices are terms."""
        group = self.choice_hints.get(name)
        return meanings(group) if group else {}


class PromiseForm(DeedForm):
    """Who does what, how, by when."""

    unit_id = Pick(_l("Which unit promises"), [DataRequired(CHOOSE)], empty=_l("Choose a unit"))
    person_id = Pick(_l("Who answers for it"), [DataRequired(CHOOSE)], empty=_l("Choose a person"))
    what = Words(_l("What will be done"), [DataRequired(SAY)], max_length=LONGEST_WHAT)
    how = Text(_l("How"), [DataRequired(SAY)], max_length=LONGEST_HOW, rows=6)
    due_day = DateField(_l("By when"), [InputRequired(DAY)])
    written = ("what", "how")
    hints = {
        "person_id": _l("Somebody who holds an appointment in that unit; the name is published."),
        "what": _l("One line that anybody can check afterwards, with figures where there are any."),
        "how": _l(
            "The steps, and how people can see that it is done. No names or numbers of private persons."
        ),
        "due_day": _l("Until the end of this day. It can be moved later only with a reason, in the open."),
    }

    def offer(self, room: Any) -> None:
        self.unit_id.offer(room.units())
        self.person_id.offer(room.people(self.unit_id.data))


class FollowUpForm(DeedForm):
    """How it goes, with pictures of before and after."""

    body = Text(_l("How far it is"), [DataRequired(SAY)], max_length=LONGEST_TEXT, rows=6)
    before = MultipleFileField(_l("Pictures of before"), [Optional()])
    after = MultipleFileField(_l("Pictures of after"), [Optional()])
    paper = MultipleFileField(_l("Papers"), [Optional()])
    caption = Words(_l("What the files show"), [Optional()], max_length=200)
    written = ("body", "caption")
    files = True
    hints = {
        "body": _l("What is done, what is left, and why. Everybody reads it once a second person has."),
        "caption": _l("Faces, plates and addresses of others do not belong in what is published."),
        "after": _l("Whoever wants it confirmed as kept needs one of these, or a paper."),
    }


class ChangeForm(DeedForm):
    """Another day or other words."""

    what = Words(_l("What will be done"), [DataRequired(SAY)], max_length=LONGEST_WHAT)
    how = Text(_l("How"), [DataRequired(SAY)], max_length=LONGEST_HOW, rows=6)
    due_day = DateField(_l("By when"), [InputRequired(DAY)])
    reason = Text(_l("Why it is changed"), [DataRequired(SAY)], max_length=LONGEST_TEXT, rows=4)
    written = ("what", "how", "reason")
    hints = {
        "reason": _l("Everybody reads it beside the old and the new words, which both stay for ever."),
        "due_day": _l("The first day stays visible whatever happens."),
    }


class EndForm(DeedForm):
    """How it ends."""

    wish = RadioField(_l("How it ends"), [InputRequired(CHOOSE)])
    reason = Text(_l("What was done or not, and why"), [DataRequired(SAY)], max_length=LONGEST_TEXT, rows=5)
    written = ("reason",)
    choice_hints = {"wish": "commitment_wish"}
    hints = {"reason": _l("Everybody reads it once a second person has agreed.")}

    def offer(self, room: Any) -> None:
        if not room.ends():
            raise Refused("not_now", N_("This cannot be proposed as the commitment stands now."))
        self.wish.choices = labelled("commitment_wish", only=[wish.value for wish in room.ends()])

    @property
    def chosen(self) -> Wish:
        return Wish(self.wish.data)


class DecisionBase(DeedForm):
    """The second person decides; what is decided about stands above."""

    agreed = RadioField(_l("Decision"), [InputRequired(CHOOSE)])

    def offer(self, room: Any) -> None:
        self.agreed.choices = [
            ("yes", str(_l("Agreed: everybody may read it"))),
            ("no", str(_l("Not agreed"))),
        ]

    def texts(self, room: Any) -> dict[str, str]:
        found: dict[str, str] = room.words()
        return found

    @property
    def says_yes(self) -> bool:
        return bool(self.agreed.data == "yes")


class YesNoForm(DecisionBase):
    """With words to whoever proposed it."""

    words = Text(_l("Why you do not agree"), [Optional()], max_length=500, rows=3)
    hints = {"words": _l("Needed if you do not agree. It goes to whoever proposed it and is not published.")}


class AgreementForm(DecisionBase):
    """Whether it is made."""

    reason = RadioField(_l("Why you do not agree"), [Optional()])
    hints = {"reason": _l("Only if you do not agree.")}

    def offer(self, room: Any) -> None:
        super().offer(room)
        given = [reason.value for reason in DropReason if reason is not DropReason.TAKEN_BACK]
        self.reason.choices = labelled("drop_reason", only=given)


class PlainForm(DeedForm):
    """Nothing to type: a question that is confirmed."""
