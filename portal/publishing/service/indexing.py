"""The public search: the words of a published case, and terms for what it can be filtered by."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.kernel import search
from portal.publishing.models import INDEX, PublishedCase, PublishedDetail
from portal.publishing.queries.choices import Choices
from portal.publishing.rules import CLOSED, day_terms, facet_term


def index_case(
    db: Session, case: PublishedCase, detail: PublishedDetail, choices: Choices, *, fresh: bool = False
) -> None:
    """Write the case's row of the index anew. Area terms name every area above it too."""
    words = (case.ref, case.title, detail.body, detail.reply, detail.mechanism)
    search.put(db, INDEX, [(case.id, "\n".join((*terms_of(case, choices), *words)))], fresh=fresh)


def unindex(db: Session, case: PublishedCase) -> None:
    """Take the case out of the index."""
    search.remove(db, INDEX, [case.id])


def terms_of(case: PublishedCase, choices: Choices) -> Iterator[str]:
    """What it can be filtered by, as terms."""
    for facet, number in (("unit", case.unit_id), ("category", case.category_id)):
        if number is not None:
            yield facet_term(facet, number)
    for area in choices.above("area", case.area_id):
        yield facet_term("area", area)
    yield facet_term("tier", case.tier)
    yield facet_term("outcome", case.outcome)
    if case.closed_at is not None:
        yield facet_term("is", CLOSED)
    yield from day_terms(case.received_on)
