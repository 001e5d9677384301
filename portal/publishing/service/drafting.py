"""Drafts of a release: begun, edited, masked, proposed, returned, dropped. Nothing here is public."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.subjects import subject_of
from portal.cases.texts import AppealText, Attachment, CaseMechanism, CaseText, Reply
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel.errors import Conflict, Invalid, NotFound, Refused
from portal.kernel.words import N_
from portal.publishing import personal_data
from portal.publishing.models import PublishedCase, PublishedDetail, PublishedFile, Release
from portal.publishing.service.reviewing import TEXTS, suspected, undecided

LONGEST = {"title": 200, "body": 10_000, "reply": 10_000, "mechanism": 2_000}
OPEN_STATES = ("draft", "proposed", "returned")


def load(db: Session, actor: Actor, release_id: int, permission: str, version: int | None = None) -> Release:
    """An open release, locked, if the actor may do this to its case."""
    draft = db.get(Release, release_id, with_for_update=True)
    if draft is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    require(actor, permission, subject_of(db, draft.case_id))
    if draft.decided_at is not None:
        raise Refused("decided", N_("This release has been decided already."))
    if version is not None and version != draft.version:
        raise Conflict(
            "changed_meanwhile", N_("Somebody else changed this draft meanwhile. Look at it again.")
        )
    return draft


def start_release(db: Session, now: datetime, actor: Actor, case_id: int) -> Release:
    """Begin a draft from the asker's words and the reply that stands; an open one is taken up again."""
    require(actor, "publication.propose", subject_of(db, case_id))
    existing = db.scalar(select(Release).where(Release.case_id == case_id, Release.decided_at.is_(None)))
    if existing is not None:
        return existing
    published = db.scalar(select(PublishedCase).where(PublishedCase.case_id == case_id))
    if published is not None and published.visible:
        raise Refused("published", N_("This case is published. Correct it with a visible note."))
    check_publishable(db, case_id)
    reply = _last_reply(db, case_id)
    if reply is None:
        raise _not_answered()
    title, body = _words_of(db, case_id)
    mechanism = db.get(CaseMechanism, case_id)
    draft = Release(
        case_id=case_id,
        title=title[:200],
        body=body,
        reply=reply.body,
        mechanism=(mechanism.outcome or mechanism.not_needed_because) if mechanism else "",
        attachments=_evidence(db, case_id),
        decisions={},
        made_by_id=actor.person_id,
        made_at=now,
    )
    db.add(draft)
    db.flush()
    return draft


def start_correction(db: Session, now: datetime, actor: Actor, case_id: int, note: str) -> Release:
    """Begin a correction of what is published; `note` tells everybody what was changed and why."""
    require(actor, "publication.correct", subject_of(db, case_id))
    published = db.scalar(
        select(PublishedCase).where(PublishedCase.case_id == case_id, PublishedCase.visible)
    )
    if published is None:
        raise Refused("not_published", N_("This case is not published."))
    if db.scalar(select(Release.id).where(Release.case_id == case_id, Release.decided_at.is_(None))):
        raise Refused("draft_open", N_("There is an open draft for this case already."))
    _check_note(note)
    detail = db.get_one(PublishedDetail, published.id)
    files = db.scalars(select(PublishedFile).where(PublishedFile.published_case_id == published.id))
    draft = Release(
        case_id=case_id,
        title=published.title,
        body=detail.body,
        reply=detail.reply,
        mechanism=detail.mechanism,
        attachments=[{"id": file.attachment_id, "caption": file.caption} for file in files],
        decisions={},
        note=note.strip(),
        is_correction=True,
        made_by_id=actor.person_id,
        made_at=now,
    )
    db.add(draft)
    db.flush()
    # What the public reads already was confirmed when it was released.
    draft.decisions = _confirmations(db, draft)
    return draft


def save_draft(
    db: Session,
    now: datetime,
    actor: Actor,
    release_id: int,
    *,
    title: str,
    body: str,
    reply: str,
    mechanism: str = "",
    attachments: Sequence[Mapping[str, Any]] | None = None,
    confirmed: Mapping[str, Sequence[str]] | None = None,
    note: str | None = None,
    version: int | None = None,
) -> Release:
    """Keep what was edited. `confirmed` names findings (field → keys) that may be read by everybody."""
    draft = load(db, actor, release_id, "publication.propose", version)
    texts = {"title": title, "body": body, "reply": reply, "mechanism": mechanism}
    for field, text in texts.items():
        if len(text) > LONGEST[field]:
            raise Invalid(
                "too_long", N_("Please use at most %(max)d characters."), field=field, max=LONGEST[field]
            )
        setattr(draft, field, text.strip())
    if attachments is not None:
        draft.attachments = _checked_files(db, draft.case_id, attachments)
    if note is not None and draft.is_correction:
        _check_note(note)
        draft.note = note.strip()
    if confirmed is not None:
        known = {(item.field, item.key) for item in suspected(db, draft)}
        draft.decisions = {
            field: sorted(key for key in set(keys) if (field, key) in known)
            for field, keys in confirmed.items()
        }
    _take_back(draft)
    db.flush()
    return draft


def mask(
    db: Session, now: datetime, actor: Actor, release_id: int, keys: Sequence[tuple[str, str]]
) -> Release:
    """Make findings (field, key) unreadable in the draft; the case itself keeps its words."""
    draft = load(db, actor, release_id, "publication.propose")
    wanted = set(keys)
    found = [item for item in suspected(db, draft) if (item.field, item.key) in wanted]
    for field in (*TEXTS, "note"):
        hits = [item.hit for item in found if item.field == field]
        if hits:
            setattr(draft, field, personal_data.mask(getattr(draft, field), hits))
    draft.attachments = [
        {
            **item,
            "caption": personal_data.mask(
                item["caption"], [f.hit for f in found if f.field == f"caption-{item['id']}"]
            ),
        }
        for item in draft.attachments
    ]
    _take_back(draft)
    db.flush()
    return draft


def _take_back(draft: Release) -> None:
    """A text that was changed is no longer the one that was proposed."""
    if draft.state == "proposed":
        draft.state, draft.proposed_by_id, draft.proposed_at = "draft", None, None


def propose(db: Session, now: datetime, actor: Actor, release_id: int, version: int | None = None) -> Release:
    """Hand the draft to a second person; refused while any suspected personal data is undecided."""
    draft = load(db, actor, release_id, "publication.propose", version)
    if draft.state == "proposed":
        raise Refused("proposed", N_("This draft waits for the second person already."))
    for field in ("title", "body", "reply"):
        if not getattr(draft, field).strip():
            raise Invalid("empty", N_("Please fill this in."), field=field)
    open_hits = undecided(db, draft)
    if open_hits:
        raise Refused(
            "undecided",
            N_("Decide first about every suspected place: %(n)d are neither masked nor confirmed."),
            n=len(open_hits),
        )
    draft.state, draft.proposed_by_id, draft.proposed_at = "proposed", actor.person_id, now
    db.flush()
    return draft


def return_release(db: Session, now: datetime, actor: Actor, release_id: int, words: str) -> Release:
    """The second person hands it back and says what to mend."""
    draft = load(db, actor, release_id, "publication.release")
    if draft.state != "proposed":
        raise Refused("not_proposed", N_("This draft has not been proposed."))
    if not words.strip():
        raise Invalid("empty", N_("Say what should be mended."), field="words")
    draft.state, draft.return_words, draft.returned_by_id = "returned", words.strip()[:500], actor.person_id
    draft.proposed_by_id = draft.proposed_at = None
    db.flush()
    return draft


def drop(db: Session, now: datetime, actor: Actor, release_id: int) -> None:
    """Give a draft up; the case can be proposed again later."""
    draft = load(db, actor, release_id, "publication.propose")
    draft.state, draft.decided_at = "dropped", now


def check_publishable(db: Session, case_id: int) -> None:
    """It is answered, and the asker whose words would be read agreed (domain, section 3: refused is counted,
    never shown)."""
    state = db.scalar(select(Case.state).where(Case.id == case_id))
    if state not in (CaseState.ANSWERED, CaseState.CLOSED):
        raise _not_answered()
    opened = _first_appeal(db, case_id)
    if opened is None or not opened.consent_to_publish:
        raise Refused(
            "no_consent", N_("The asker did not agree to publication: this case is counted, never shown.")
        )
    if opened.erased_at is not None:
        raise Refused("erased", N_("The asker's words have been erased."))


def _not_answered() -> Refused:
    return Refused("not_answered", N_("Only an answered case can be published."))


def _first_appeal(db: Session, case_id: int) -> Appeal | None:
    return db.scalar(
        select(Appeal)
        .join(CaseLink, CaseLink.appeal_id == Appeal.id)
        .where(CaseLink.case_id == case_id, CaseLink.kind != "merged")
        .order_by(CaseLink.id)
        .limit(1)
    )


def _words_of(db: Session, case_id: int) -> tuple[str, str]:
    """Title and problem: the office's own for a part of a split appeal, else the asker's."""
    own = db.get(CaseText, case_id)
    appeal = _first_appeal(db, case_id)
    words = db.get(AppealText, appeal.id) if appeal else None
    title = own.title if own and own.title else words.title if words else ""
    body = own.brief if own and own.brief else words.body if words else ""
    return title, body


def _last_reply(db: Session, case_id: int) -> Reply | None:
    return db.scalar(select(Reply).where(Reply.case_id == case_id).order_by(Reply.id.desc()).limit(1))


def _evidence(db: Session, case_id: int) -> list[Any]:
    rows = db.scalars(
        select(Attachment)
        .where(Attachment.case_id == case_id, Attachment.kind == "evidence")
        .order_by(Attachment.id)
    )
    return [{"id": row.id, "caption": row.caption or row.name} for row in rows]


def _checked_files(db: Session, case_id: int, wanted: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Only files of this very case, or of askers who agreed; captions cut to their length."""
    ours = set(db.scalars(select(Attachment.id).where(Attachment.case_id == case_id)))
    asked = (
        select(Attachment.id)
        .join(CaseLink, CaseLink.appeal_id == Attachment.appeal_id)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None), Appeal.consent_to_publish)
    )
    known = ours | set(db.scalars(asked))
    return [
        {"id": int(item["id"]), "caption": str(item["caption"]).strip()[:200]}
        for item in wanted
        if int(item["id"]) in known
    ]


def _confirmations(db: Session, draft: Release) -> dict[str, Any]:
    kept: dict[str, list[str]] = {}
    for item in suspected(db, draft):
        if item.field == "note":
            continue
        kept.setdefault(item.field, []).append(item.key)
    return kept


def _check_note(note: str) -> None:
    if not note.strip():
        raise Invalid("empty", N_("Say what was changed and why; everybody will read it."), field="note")
    if len(note) > 500:
        raise Invalid("too_long", N_("Please use at most %(max)d characters."), field="note", max=500)
