"""Writing a notice, until it is proposed to a second person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.models import Unit
from portal.identity.policy import require
from portal.kernel.errors import Conflict, Invalid, NotFound, Refused
from portal.kernel.words import N_
from portal.notices.models import Notice
from portal.notices.workflow import NoticeKind, NoticeState, check

LONGEST_TITLE, LONGEST_BODY = 200, 20_000
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True)
class Words:
    """What a notice says, and who says it (`unit_id` empty: the office)."""

    kind: str
    title: str
    body: str
    unit_id: int | None = None
    lang: str = "zh-Hans"


def draft(
    db: Session, now: datetime, actor: Actor, words: Words, *, corrects_id: int | None = None
) -> Notice:
    """Begin a notice."""
    require(actor, "notice.draft")
    _check(db, words)
    notice = Notice(made_at=now, author_id=actor.person_id, state=NoticeState.DRAFT, corrects_id=corrects_id)
    _write(notice, now, actor, words)
    db.add(notice)
    db.flush()
    return notice


def edit(db: Session, now: datetime, actor: Actor, notice_id: int, words: Words, version: int) -> Notice:
    """Change a draft; refused if somebody changed it meanwhile."""
    require(actor, "notice.draft")
    notice = load(db, notice_id)
    if notice.state != NoticeState.DRAFT:
        raise Refused("not_a_draft", N_("This notice is not a draft any more."))
    if notice.version != version:
        raise Conflict("changed_meanwhile", N_("Somebody changed this notice meanwhile. Look at it again."))
    _check(db, words)
    _write(notice, now, actor, words)
    db.flush()
    return notice


def propose(db: Session, now: datetime, actor: Actor, notice_id: int) -> Notice:
    """Hand a draft to a second person."""
    require(actor, "notice.draft")
    notice = load(db, notice_id)
    check(NoticeState(notice.state), NoticeState.PROPOSED)
    notice.state, notice.returned_because = NoticeState.PROPOSED, ""
    db.flush()
    return notice


def discard(db: Session, now: datetime, actor: Actor, notice_id: int) -> None:
    """Throw a draft away: nothing of it was ever public."""
    require(actor, "notice.draft")
    notice = load(db, notice_id)
    if notice.state != NoticeState.DRAFT:
        raise Refused("not_a_draft", N_("This notice is not a draft any more."))
    db.delete(notice)


def load(db: Session, notice_id: int) -> Notice:
    """The notice, locked until the transaction ends."""
    found = db.scalar(
        select(Notice)
        .where(Notice.id == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return found


def _check(db: Session, words: Words) -> None:
    if words.kind not in list(NoticeKind):
        raise Invalid("not_on_list", N_("Choose from the list."), field="kind")
    if words.lang not in LANGUAGES:
        raise Invalid("not_on_list", N_("Choose from the list."), field="lang")
    if words.unit_id is not None and db.get(Unit, words.unit_id) is None:
        raise Invalid("not_on_list", N_("Choose from the list."), field="unit_id")
    for field, text, most in (("title", words.title, LONGEST_TITLE), ("body", words.body, LONGEST_BODY)):
        if not text.strip():
            raise Invalid("needed", N_("This field is required."), field=field)
        if len(text) > most:
            raise Invalid("too_long", N_("Please use at most %(max)d characters."), field=field, max=most)


def _write(notice: Notice, now: datetime, actor: Actor, words: Words) -> None:
    notice.kind, notice.lang, notice.unit_id = words.kind, words.lang, words.unit_id
    notice.title, notice.body = words.title.strip(), words.body.strip()
    notice.edited_at, notice.edited_by_id = now, actor.person_id
