"""Words with their suspected places marked, by the review's own means."""

from dataclasses import dataclass

from portal.publishing.marking import Finding, Piece, findings, pieces
from portal.publishing.personal_data import find
from portal.publishing.service import Suspected


@dataclass(frozen=True, slots=True)
class Marked:
    """What was found, and each text cut at its findings."""

    findings: list[Finding]
    pieces: dict[str, list[Piece]]


def marked(texts: dict[str, str]) -> Marked:
    """The suspected places of these texts, by field."""
    places = [
        Suspected(field, hit, f"{hit.kind}-{hit.text}", False)
        for field, text in texts.items()
        for hit in find(text)
    ]
    found = findings(places)
    return Marked(
        list(dict.fromkeys(found)),
        {field: pieces(text, field, places, found) for field, text in texts.items() if text},
    )
