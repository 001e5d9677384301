"""What the pages of the review read and answer with: a draft with its suspected places, private pages, ways back."""

from dataclasses import dataclass
from typing import Any

from flask import redirect
from werkzeug.wrappers import Response

from portal.cases.subjects import subject_of
from portal.identity.policy import require
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.publishing import marking
from portal.publishing.models import Release
from portal.publishing.queries import reviews
from portal.publishing.service.reviewing import suspected, texts_of
from portal.web.access import current_actor
from portal.web.database import reader
from portal.web.rendering import page


@dataclass(frozen=True)
class Review:
    """A draft as its page shows it."""

    draft: Release
    ref: str
    names: dict[int, str]
    findings: list[marking.Finding]
    pieces: dict[str, list[marking.Piece]]
    files: list[reviews.FileLine]

    @property
    def undecided(self) -> int:
        return sum(not finding.confirmed for finding in self.unique)

    @property
    def unique(self) -> list[marking.Finding]:
        """One of each decision."""
        return list({(finding.field, finding.key): finding for finding in self.findings}.values())

    def of(self, field: str) -> list[marking.Finding]:
        """The decisions about one field."""
        return [finding for finding in self.unique if finding.field == field]

    @property
    def captions(self) -> dict[int, str]:
        """The files that are to be published, with what the public will read."""
        return {item["id"]: item["caption"] for item in self.draft.attachments}


def read(release_id: int) -> Review:
    """The draft of an address; for whoever may not know of its case there is none."""
    db = reader()
    draft = db.get(Release, release_id) if release_id < 2**53 else None
    if draft is None:
        raise nothing()
    require(current_actor(), "publication.release", subject_of(db, draft.case_id))
    places = suspected(db, draft)
    found = marking.findings(places)
    return Review(
        draft,
        reviews.ref_of(db, draft.case_id),
        reviews.names(db, draft.made_by_id, draft.proposed_by_id, draft.returned_by_id),
        found,
        {field: marking.pieces(text, field, places, found) for field, text in texts_of(draft).items()},
        reviews.files(db, draft.case_id),
    )


def private(template: str, **context: Any) -> Response:
    """A page that no browser keeps."""
    response = page(template, **context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def nothing() -> NotFound:
    """The same answer for what is not there and what one may not know of."""
    return NotFound("not_found", N_("There is nothing here under this address."))


def to(url: str) -> Response:
    """On to another page after a form."""
    return redirect(url, 303)
