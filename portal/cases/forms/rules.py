"""The form of a category rule."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from portal.cases.forms.acting import CHOOSE, SAY, Pick, labelled
from portal.web.choices import RadioField, SelectMultipleField
from portal.web.forms import Form, Words

_BETWEEN = re.compile(r"[\s,，、;；]+")
MOST_WORDS = 60


class Codes(SelectMultipleField):
    """Several of a list, by their codes."""

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - self.values():
            raise StopValidation(str(CHOOSE))


class Ticks(Codes):
    """The same as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RuleForm(Form):
    """When a rule holds, and which unit and person it proposes."""

    name = Words(_l("Name of the rule"), [DataRequired(SAY)], max_length=120)
    any_words = Words(_l("One of these words occurs"), [Optional()], max_length=500)
    all_words = Words(_l("All these words occur"), [Optional()], max_length=500)
    none_words = Words(_l("None of these words occurs"), [Optional()], max_length=500)
    categories = Codes(_l("Category"), [Optional()], choices=[])
    areas = Codes(_l("Area"), [Optional()], choices=[])
    channels = Codes(_l("Channel"), [Optional()], choices=[])
    kinds = Ticks(_l("Kind"), [Optional()], choices=[])
    party = RadioField(_l("From whom"), [Optional()], default="")
    unit_id = Pick(_l("Proposed unit"), [DataRequired(CHOOSE)], empty=_l("Choose a unit"))
    person_id = Pick(_l("Proposed handler"), [Optional()], empty=_l("The unit decides"))

    def offer(self, lists: dict[str, list[tuple[str, str]]], units: list[tuple[int, str]]) -> None:
        """Fill in what can be chosen."""
        self.categories.choices = lists["categories"]
        self.areas.choices = lists["areas"]
        self.channels.choices = lists["channels"]
        self.kinds.choices = labelled("appeal_kind")
        self.party.choices = [("", str(_l("Anybody"))), *labelled("party_kind")]
        self.unit_id.offer(units)

    def conditions(self) -> dict[str, Any]:
        """As they are kept: codes and words, nothing for what is left open."""
        return {
            "any_words": words(self.any_words.data),
            "all_words": words(self.all_words.data),
            "none_words": words(self.none_words.data),
            "categories": list(self.categories.data or ()),
            "areas": list(self.areas.data or ()),
            "channels": list(self.channels.data or ()),
            "kinds": list(self.kinds.data or ()),
            "party": self.party.data or "",
        }


def words(text: str | None) -> list[str]:
    """Words parted by spaces or commas of any kind."""
    return [word for word in dict.fromkeys(_BETWEEN.split(text or "")) if word][:MOST_WORDS]


def filled(conditions: dict[str, Any]) -> dict[str, Any]:
    """Kept conditions as the form shows them."""
    shown = {name: "、".join(conditions.get(name, ())) for name in ("any_words", "all_words", "none_words")}
    lists = {name: conditions.get(name, []) for name in ("categories", "areas", "channels", "kinds")}
    return shown | lists | {"party": conditions.get("party", "")}
