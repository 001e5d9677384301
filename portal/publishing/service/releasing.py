"""The acts of publication: release and correction by a second person, withdrawal at once by one."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases import history
from portal.cases.models import Case, CaseLink
from portal.cases.subjects import subject_of
from portal.cases.texts import Attachment
from portal.identity.actors import SYSTEM, Actor
from portal.identity.policy import require
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_
from portal.ledger import service as ledger
from portal.publishing.models import PublishedCase, PublishedDetail, PublishedFile, Release
from portal.publishing.personal_data import find
from portal.publishing.queries import choices
from portal.publishing.service import counting, projecting, telling
from portal.publishing.service.drafting import check_publishable, load
from portal.publishing.service.indexing import index_case, unindex
from portal.publishing.service.reviewing import undecided

KIND = "case"
_HAN = re.compile("[\u4e00-\u9fff]")


def release(db: Session, now: datetime, actor: Actor, release_id: int, version: int | None = None) -> str:
    """Publish a proposed draft; never the person who proposed it. Returns the public reference."""
    draft = load(db, actor, release_id, "publication.release", version)
    if draft.state != "proposed":
        raise Refused("not_proposed", N_("This draft has not been proposed."))
    if draft.proposed_by_id == actor.person_id:
        raise Refused(
            "same_person", N_("Two persons publish: somebody else has to release what you proposed.")
        )
    if undecided(db, draft):
        raise Refused("undecided", N_("There are suspected places nobody has decided about."))
    if not draft.is_correction:
        check_publishable(db, draft.case_id)
    case = db.get_one(Case, draft.case_id)
    published, detail = _row(db, now, case)
    act = "corrected" if draft.is_correction else "released"
    history.record(db, now, actor, case.id, act, proposed_by_id=draft.proposed_by_id)
    counting.count_published(db, 0 if published.visible else 1)
    _take_over(db, now, draft, published, detail)
    db.flush()
    projecting.refresh(db, now, case, published, detail)
    entry = ledger.record(
        db,
        now,
        KIND,
        published.ref,
        act,
        _content(db, published, detail),
        author_id=draft.proposed_by_id,
        approver_id=actor.person_id,
    )
    detail.fingerprint, published.version = entry.hash, entry.version
    draft.state, draft.released_by_id, draft.decided_at = "released", actor.person_id, now
    db.flush()
    index_case(db, published, detail, choices.load(db))
    telling.released(db, now, published, correction=draft.is_correction)
    return published.ref


def withdraw(db: Session, now: datetime, actor: Actor, ref: str, words: str) -> None:
    """Take a published case down at once; its page says so, with these words."""
    published = _published(db, ref)
    require(actor, "publication.withdraw", subject_of(db, published.case_id))
    if not words.strip():
        raise Invalid("empty", N_("Say why it is taken down; everybody will read it."), field="words")
    if find(words):
        raise Invalid(
            "personal_data", N_("Everybody will read this: leave out numbers and addresses."), field="words"
        )
    _take_down(db, now, published, "withdrawn", words.strip()[:500], actor)


def withdraw_erased(db: Session, now: datetime, appeal_id: int) -> None:
    """An asker's words were erased: what was published of them goes, too, and leaves the record."""
    case_ids = select(CaseLink.case_id).where(CaseLink.appeal_id == appeal_id, CaseLink.kind != "merged")
    for published in db.scalars(
        select(PublishedCase).where(PublishedCase.case_id.in_(case_ids), PublishedCase.visible)
    ).all():
        _take_down(db, now, published, "erased", "", SYSTEM)
    theirs = select(Attachment.id).where(Attachment.appeal_id == appeal_id)
    db.execute(delete(PublishedFile).where(PublishedFile.attachment_id.in_(theirs)))
    drafts = select(Release).where(Release.case_id.in_(case_ids), Release.decided_at.is_(None))
    for draft in db.scalars(drafts).all():
        draft.state, draft.decided_at = "dropped", now
    for draft in db.scalars(select(Release).where(Release.case_id.in_(case_ids))).all():
        draft.title = draft.body = draft.reply = draft.mechanism = ""
        draft.attachments = []


def _take_down(
    db: Session, now: datetime, published: PublishedCase, code: str, words: str, actor: Actor
) -> None:
    history.record(db, now, actor, published.case_id, "unpublished")
    counting.count_published(db, -1)
    detail = db.get_one(PublishedDetail, published.id)
    published.visible = False
    published.published_at = now
    published.title = ""
    detail.body = detail.reply = detail.mechanism = detail.correction_note = ""
    detail.timeline = []
    detail.withdrawn_code, detail.withdrawn_words = code, words
    db.execute(delete(PublishedFile).where(PublishedFile.published_case_id == published.id))
    unindex(db, published)
    ledger.empty(db, KIND, published.ref, ("released", "corrected"))
    content = {"ref": published.ref, "withdrawn": code, "words": words}
    published.version = ledger.record(
        db, now, KIND, published.ref, code, content, author_id=actor.person_id
    ).version
    db.flush()


def _published(db: Session, ref: str) -> PublishedCase:
    found = db.scalar(select(PublishedCase).where(PublishedCase.ref == ref, PublishedCase.visible))
    if found is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return found


def _row(db: Session, now: datetime, case: Case) -> tuple[PublishedCase, PublishedDetail]:
    """The public row of a case; its number and reference are given at the first release and never again."""
    published = db.scalar(select(PublishedCase).where(PublishedCase.case_id == case.id))
    if published is not None:
        return published, db.get_one(PublishedDetail, published.id)
    published = PublishedCase(
        ref=case.ref,
        case_id=case.id,
        version=0,
        first_published_at=now,
        visible=False,
        **projecting.columns(db, now, case),
    )
    published.title = ""
    published.published_at = now
    db.add(published)
    db.flush()
    detail = PublishedDetail(
        published_case_id=published.id,
        body="",
        reply="",
        facts={},
        clock={},
        timeline=[],
        gates={},
        ratings={},
        fingerprint="",
    )
    db.add(detail)
    return published, detail


def _take_over(
    db: Session, now: datetime, draft: Release, published: PublishedCase, detail: PublishedDetail
) -> None:
    published.visible = True
    published.published_at = now
    published.title = draft.title
    published.lang = "zh-Hans" if _HAN.search(draft.title) else "en"
    detail.body, detail.reply, detail.mechanism = draft.body, draft.reply, draft.mechanism
    detail.correction_note = draft.note if draft.is_correction else ""
    detail.withdrawn_code = detail.withdrawn_words = ""
    db.execute(delete(PublishedFile).where(PublishedFile.published_case_id == published.id))
    for item in draft.attachments:
        kept = db.get_one(Attachment, item["id"])
        db.add(
            PublishedFile(
                published_case_id=published.id,
                attachment_id=kept.id,
                part="reply" if kept.kind == "evidence" else "problem",
                caption=item["caption"],
                name=kept.name,
                media_type=kept.media_type,
                size=kept.size,
                stored_as=kept.stored_as,
            )
        )
    db.flush()


def _content(db: Session, published: PublishedCase, detail: PublishedDetail) -> dict[str, Any]:
    """What the public can read, as it goes on record."""
    files = db.scalars(
        select(PublishedFile.caption)
        .where(PublishedFile.published_case_id == published.id)
        .order_by(PublishedFile.id)
    )
    return {
        "title": published.title,
        "body": detail.body,
        "reply": detail.reply,
        "mechanism": detail.mechanism,
        "files": list(files),
        "lang": published.lang,
        "note": detail.correction_note,
    }
