"""Select, radio and checkbox fields over (value, label) pairs, the way our code has its choices everywhere."""

from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice

Pair = tuple[Any, Any]


class _OfPairs:
    """WTForms wants objects of its own for choices; here they are made, and nowhere else."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        choices: Iterable[Pair] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, choices=_objects(choices), **kwargs)  # type: ignore[call-arg]

    @property
    def choices(self) -> Any:
        """The choices as WTForms has them; those of a form that was not filled yet are None."""
        return super().choices  # type: ignore[misc]

    @choices.setter
    def choices(self, pairs: Iterable[Pair] | None) -> None:
        wtforms.SelectField.choices.fset(self, _objects(pairs))

    def values(self) -> set[Any]:
        """What may be chosen."""
        return {choice.value for choice in self.choices or ()}

    def labels(self) -> dict[str, str]:
        """Value → label, as text."""
        return {str(choice.value): str(choice.label) for choice in self.choices or ()}


def _objects(pairs: Iterable[Pair] | None) -> list[SelectChoice] | None:
    return None if pairs is None else [SelectChoice(value, label) for value, label in pairs]


class SelectField(_OfPairs, wtforms.SelectField):
    """One of a list."""


class RadioField(_OfPairs, wtforms.RadioField):
    """One of a few, all in sight."""


class SelectMultipleField(_OfPairs, wtforms.SelectMultipleField):
    """Several of a list."""
