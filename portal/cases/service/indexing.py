"""The desk's search over cases: title, words and place of the appeals, numbers, replies."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.texts import INDEX, AppealText, CaseText, Reply
from portal.kernel import search


def index_case(db: Session, case_id: int, *, fresh: bool = False) -> None:
    """Write the case's row of the index anew from what is kept."""
    search.put(db, INDEX, [(case_id, "\n".join(part for part in _parts(db, case_id) if part))], fresh=fresh)


def _parts(db: Session, case_id: int) -> Iterator[str]:
    yield db.execute(select(Case.ref).where(Case.id == case_id)).scalar_one()
    yield from _row(db, select(CaseText.title, CaseText.brief).where(CaseText.case_id == case_id))
    appeals = (
        select(Appeal.receipt, AppealText.title, AppealText.body, AppealText.place)
        .join(AppealText, AppealText.appeal_id == Appeal.id)
        .join(CaseLink, CaseLink.appeal_id == Appeal.id)
        .where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None))
        .order_by(Appeal.id)
    )
    yield from _row(db, appeals)
    yield from _row(db, select(Reply.body).where(Reply.case_id == case_id).order_by(Reply.id))


def _row(db: Session, statement) -> Iterator[str]:  # type: ignore[no-untyped-def]
    for row in db.execute(statement):
        yield from row
