"""What may be found in a text that should not be published: kinds, certainty, places. Values only."""

from dataclasses import dataclass
from enum import StrEnum


class PersonalKind(StrEnum):
    """The kinds of personal data that are looked for."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    ID_NUMBER = "id_number"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    EMAIL = "email"
    ACCOUNT = "account"
    ADDRESS = "address"


class Certainty(StrEnum):
    """How sure a finding is; a person decides in any case."""

    CERTAIN = "certain"
    """The shape is right and a check digit too."""
    LIKELY = "likely"
    """The shape is right."""
    POSSIBLE = "possible"
    """It may as well be something else."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A place in the plain text, which is the same place in the original."""

    start: int
    end: int
    kind: PersonalKind
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding; `start` and `end` count in the original text, `text` is what stands there."""

    start: int
    end: int
    kind: PersonalKind
    text: str
    certainty: Certainty
