"""A term of the glossary."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the house: what it is called, and what it means in one line (both message ids)."""

    label: str
    meaning: str = ""
