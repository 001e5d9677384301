"""Merging repeats, undoing it, and splitting a mixed appeal. No asker is ever lost on the way (domain, section 3)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.service.filing import LONGEST_BODY, LONGEST_TITLE, open_case
from portal.cases.service.indexing import index_case
from portal.cases.service.moves import check, last_entry, load, move, note_act
from portal.cases.subjects import require_for_case, subject_of
from portal.cases.texts import CaseText
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_

MOST_PARTS = 10
_CANNOT_RECEIVE = frozenset({CaseState.MERGED, CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED})
_CAN_BE_SPLIT = frozenset({CaseState.SUBMITTED, CaseState.SCREENED})


def merge(db: Session, now: datetime, actor: Actor, case_id: int, into_case_id: int, reason: str) -> None:
    """Let another case answer this one's askers; each keeps the receipt, the code and the right to rate."""
    if case_id == into_case_id:
        raise Invalid("same_case", N_("Choose another case than this one."), field="into")
    case, into = _both(db, case_id, into_case_id)
    check(db, actor, case, CaseState.MERGED)
    _check_target(db, actor, case, into)
    moved = _live_links(db, case.id)
    for link in moved:
        link.ended_at = now
        db.add(CaseLink(appeal_id=link.appeal_id, case_id=into.id, kind="merged", made_at=now))
    appeal_ids = [link.appeal_id for link in moved]
    # The move is judged while the case still has its askers; the links change with the same flush.
    move(db, now, actor, case, CaseState.MERGED, Act.MERGED, reason=reason, into=into.id, appeals=appeal_ids)
    note_act(db, now, actor, into, Act.MERGE_RECEIVED, merged=case.id, appeals=appeal_ids)
    _reindex(db, case, into)


def _both(db: Session, case_id: int, other_id: int) -> tuple[Case, Case]:
    """Both cases, locked in the order of their numbers, so that two merges cannot wait for each other."""
    found = {wanted: load(db, wanted) for wanted in sorted((case_id, other_id))}
    return found[case_id], found[other_id]


def undo_merge(db: Session, now: datetime, actor: Actor, case_id: int, reason: str) -> None:
    """Give a merged case its askers back and take it up where it stood."""
    made = last_entry(db, case_id, Act.MERGED)
    case, into = _both(db, case_id, made.details["into"] if made else case_id)
    check(db, actor, case, CaseState.SCREENED, sources=(CaseState.MERGED,))
    if made is None:
        raise Refused("not_merged", N_("This case is not merged into another."))
    if into.state == CaseState.MERGED:
        raise Refused("merged_on", N_("%(ref)s was itself merged since; undo that first."), ref=into.ref)
    appeal_ids = made.details["appeals"]
    move(db, now, actor, case, CaseState.SCREENED, Act.MERGE_UNDONE, reason=reason, into=into.id)
    for link in _live_links(db, into.id):
        if link.appeal_id in appeal_ids:
            link.ended_at = now
            kind = _kind_before(db, link.appeal_id, case.id)
            db.add(CaseLink(appeal_id=link.appeal_id, case_id=case.id, kind=kind, made_at=now))
    db.flush()
    note_act(db, now, actor, into, Act.MERGE_LOST, merged=case.id, appeals=appeal_ids)
    _reindex(db, case, into)


def _kind_before(db: Session, appeal_id: int, case_id: int) -> str:
    """By what kind of link the case answered this appeal before the merge."""
    statement = (
        select(CaseLink.kind)
        .where(CaseLink.appeal_id == appeal_id, CaseLink.case_id == case_id)
        .order_by(CaseLink.id.desc())
        .limit(1)
    )
    return db.scalars(statement).one()


def split(
    db: Session, now: datetime, actor: Actor, case_id: int, parts: Sequence[tuple[str, str]]
) -> list[int]:
    """Open a case of its own for each further matter (title, brief) of a mixed appeal; the asker follows all.

    Limits run from the submission, as for the case itself. Returns the new cases' ids.
    """
    case = load(db, case_id)
    require_for_case(db, actor, "case.split", case)
    if CaseState(case.state) not in _CAN_BE_SPLIT:
        raise Refused("too_late_to_split", N_("A case can be split only before it is assigned."))
    _check_parts(parts)
    appeals = db.scalars(
        select(Appeal).where(Appeal.id.in_([link.appeal_id for link in _live_links(db, case.id)]))
    ).all()
    fresh = [_part(db, now, actor, case, list(appeals), title, brief) for title, brief in parts]
    note_act(db, now, actor, case, Act.SPLIT, parts=fresh)
    return fresh


def _part(
    db: Session, now: datetime, actor: Actor, case: Case, appeals: list[Appeal], title: str, brief: str
) -> int:
    part = open_case(
        db,
        now,
        actor,
        appeals[0],
        opened_at=case.opened_at,
        link="split",
        act=Act.SPLIT_FROM,
        split_from=case.id,
    )
    db.add_all(
        CaseLink(appeal_id=appeal.id, case_id=part.id, kind="split", made_at=now) for appeal in appeals[1:]
    )
    db.add(CaseText(case_id=part.id, title=title.strip(), brief=brief.strip()))
    db.flush()
    index_case(db, part.id)
    return part.id


def _check_target(db: Session, actor: Actor, case: Case, into: Case) -> None:
    require_for_case(db, actor, "case.merge", into)
    if not CaseState(into.state).is_open or into.is_history:
        raise Refused(
            "cannot_receive", N_("%(ref)s cannot take up others in its present state."), ref=into.ref
        )
    ours, theirs = subject_of(db, case.id), subject_of(db, into.id)
    if ours.appeal_ids & theirs.appeal_ids:
        raise Refused("same_appeal", N_("Both cases are parts of the same appeal."))
    if ours.concerned_unit_ids & theirs.unit_ids or into.handler_id in ours.concerned_person_ids:
        raise Refused(
            "concerned_unit",
            N_("%(ref)s is handled by the unit that this appeal complains about."),
            ref=into.ref,
        )


def _check_parts(parts: Sequence[tuple[str, str]]) -> None:
    if not parts or len(parts) > MOST_PARTS:
        raise Invalid("parts", N_("Name between one and %(most)d further matters."), most=MOST_PARTS)
    for title, brief in parts:
        if not title.strip():
            raise Invalid("empty", N_("Please fill this in."), field="title")
        if len(title) > LONGEST_TITLE or len(brief) > LONGEST_BODY:
            raise Invalid("too_long", N_("Please use at most %(max)d characters."), max=LONGEST_TITLE)


def _live_links(db: Session, case_id: int) -> list[CaseLink]:
    return list(
        db.scalars(
            select(CaseLink)
            .where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None))
            .order_by(CaseLink.id)
        )
    )


def _reindex(db: Session, *cases: Case) -> None:
    for case in cases:
        index_case(db, case.id)
