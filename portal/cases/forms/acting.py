"""What every form of an act has: the version it was made from, and fields that choose from what is there."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, StopValidation

from portal import glossary
from portal.web.choices import SelectField, SelectMultipleField
from portal.web.filters import translated
from portal.web.forms import OnceForm, printable, stripped

SAY = _l("Please fill this in.")
CHOOSE = _l("Choose from the list.")
LONG = 4000


class Pick(SelectField):
    """One of what is there, by number; nothing chosen is None. The first option is the empty one."""

    def __init__(self, label: Any = None, validators: Any = (), empty: Any = "", **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=number, choices=[], **kwargs)
        self.empty = empty

    def offer(self, rows: list[tuple[int, str]]) -> None:
        """Fill in the options."""
        self.choices = [("", str(self.empty)), *rows]

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in self.values():
            raise StopValidation(str(CHOOSE))


class PickMany(SelectMultipleField):
    """Several of what is there, by number."""

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=number, choices=[], **kwargs)

    def offer(self, rows: list[tuple[int, str]]) -> None:
        """Fill in the options."""
        self.choices = rows

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - self.values():
            raise StopValidation(str(CHOOSE))


def number(value: Any) -> int | None:
    """A number as it comes from a browser; None if it is none."""
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


class Text(TextAreaField):
    """Several lines: stripped, without control characters, with its limit."""

    def __init__(
        self, label: Any = None, validators: Any = (), max_length: int = LONG, rows: int = 5, **kwargs: Any
    ) -> None:
        limit = Length(
            max=max_length, message=_l("Please use at most %(max)d characters.") % {"max": max_length}
        )
        super().__init__(label, [*validators, limit], filters=[_lines, stripped, printable], **kwargs)
        self.box_rows = rows


def _lines(value: str | None) -> str | None:
    """A line break is one character, as the counter beside the box counts."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def labelled(group: str, *, only: Any = None) -> list[tuple[str, str]]:
    """(code, label) of a group of the glossary in the reader's language."""
    return [
        (code, translated(label)) for code, label in glossary.choices(group) if only is None or code in only
    ]


def meanings(group: str) -> dict[str, str]:
    """Code → what it means, for the hints of radio buttons."""
    return {code: translated(term.meaning) for code, term in glossary.TERMS[group].items() if term.meaning}


class ActForm(OnceForm):
    """Base of the acts on a case."""

    version = HiddenField()
    """Of the case when the form was made: somebody else's change in between is told, and nothing typed is lost."""
    seen = HiddenField()
    """The last history entry that was there then."""
    hints: ClassVar[Mapping[str, Any]] = {}
    """Field → hint."""
    looks: ClassVar[Mapping[str, str]] = {}
    """Field → how the macro draws it."""
    choice_hints: ClassVar[Mapping[str, str]] = {}
    """Field → the group of the glossary whose meanings stand below its choices."""

    def offer(self, room: Any) -> None:
        """Fill in what can be chosen in this case."""

    @property
    def made_from(self) -> int | None:
        """The version, or None if it is no number."""
        return number(self.version.data)

    @property
    def last_seen(self) -> int:
        """The last history entry, or none at all."""
        return number(self.seen.data) or 0

    @property
    def shown(self) -> list[Any]:
        """The fields a person fills in."""
        return [field for field in self if not isinstance(field, HiddenField) and field.name != "csrf_token"]

    def hints_of(self, name: str) -> dict[str, str]:
        """Choice → hint, for a field whose choices are terms."""
        group = self.choice_hints.get(name)
        return meanings(group) if group else {}
