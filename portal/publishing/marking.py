"""A text of a draft with its suspected places marked, for the eyes of whoever decides about them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.kernel.words import N_
from portal.publishing.service import Suspected
from portal.publishing.suspicion import Certainty, PersonalKind

KINDS = {
    PersonalKind.MOBILE: N_("Mobile phone number"),
    PersonalKind.LANDLINE: N_("Phone number"),
    PersonalKind.ID_NUMBER: N_("Identity card number"),
    PersonalKind.CREDIT_CODE: N_("Unified social credit code"),
    PersonalKind.BANK_CARD: N_("Bank card number"),
    PersonalKind.PLATE: N_("Number plate"),
    PersonalKind.EMAIL: N_("E-mail address"),
    PersonalKind.ACCOUNT: N_("Account of a messenger"),
    PersonalKind.ADDRESS: N_("Address of a home"),
}
CERTAINTIES = {
    Certainty.CERTAIN: N_("certain by its check digit"),
    Certainty.LIKELY: N_("likely"),
    Certainty.POSSIBLE: N_("possible"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: plain, or a finding with its number on the page."""

    text: str
    found: "Finding | None" = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspected place: what it is, how sure that is, whether somebody let it stand."""

    number: int
    field: str
    key: str
    kind: str
    certainty: str
    text: str
    confirmed: bool

    @property
    def name(self) -> str:
        """The name of its decision in the form."""
        return f"decision-{self.field}-{self.key}"


def findings(suspected: Iterable[Suspected]) -> list[Finding]:
    """The findings as the page numbers them; the same words twice in a field are one decision."""
    kept: dict[tuple[str, str], Finding] = {}
    return [kept.setdefault((item.field, item.key), _finding(len(kept) + 1, item)) for item in suspected]


def _finding(number: int, item: Suspected) -> Finding:
    hit = item.hit
    kind, certainty = KINDS[hit.kind], CERTAINTIES[hit.certainty]
    return Finding(number, item.field, item.key, kind, certainty, hit.text, item.confirmed)


def pieces(text: str, field: str, suspected: Iterable[Suspected], found: Iterable[Finding]) -> list[Piece]:
    """One field's text, cut at its findings."""
    return list(_cut(text, [(s, f) for s, f in zip(suspected, found, strict=True) if s.field == field]))


def _cut(text: str, places: list[tuple[Suspected, Finding]]) -> Iterator[Piece]:
    rest = 0
    for item, finding in sorted(places, key=lambda place: place[0].hit.start):
        if item.hit.start > rest:
            yield Piece(text[rest : item.hit.start])
        yield Piece(text[item.hit.start : item.hit.end], finding)
        rest = item.hit.end
    if rest < len(text):
        yield Piece(text[rest:])
