"""Sending a draft: it becomes an appeal once, and every further sending is told the same receipt and code."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.models import Appeal
from portal.cases.service import Contact, Filing, file_appeal
from portal.cases.texts import Attachment
from portal.identity.actors import PUBLIC, Actor
from portal.intake.models import AppealDraft, StagedFile
from portal.intake.queries.drafts import find_draft, read_values, staged_files
from portal.kernel import codes
from portal.kernel.db import keys_of
from portal.kernel.errors import NotFound, Refused
from portal.kernel.files import KeptFile
from portal.kernel.words import N_

WEB = "web"


@dataclass(frozen=True)
class Given:
    """What the asker takes along."""

    appeal_id: int
    receipt: str
    code: str = field(repr=False)
    received_at: datetime


def submit(
    db: Session,
    now: datetime,
    browser: str,
    client_id: str,
    locale: str,
    *,
    actor: Actor = PUBLIC,
    channel: str = WEB,
    source: tuple[str, int] | None = None,
) -> Given:
    """File the draft. `browser` and `client_id` together file once; raises `NotFound` when it is over.

    `source` is what it came out of (kind and id), for staff who file what a visit or a session brought.
    """
    draft = find_draft(db, browser, client_id, lock=True)
    if draft is None:
        raise NotFound("no_draft", N_("This form is not here any more. Please fill it in again."))
    if draft.appeal_id is not None:
        return given_before(db, draft)
    if not draft.checked:
        raise Refused("not_checked", N_("Some fields are still to be filled in."))
    filing = filing_of(
        read_values(db, draft),
        channel=channel,
        locale=locale,
        attachment_ids=_attach(db, now, actor, draft.id),
        source=source,
    )
    filed = file_appeal(db, now, actor, filing, scope=browser, client_id=client_id)
    mark(db, filed.appeal_id, draft.suspicions)
    draft.appeal_id, draft.sealed = filed.appeal_id, b""
    db.flush()
    return Given(filed.appeal_id, filed.receipt, filed.code, now)


def given_before(db: Session, draft: AppealDraft) -> Given:
    """Receipt and code of a draft that was filed: the code is derived, so it is the same."""
    appeal = db.get_one(Appeal, draft.appeal_id)
    code = codes.derive(keys_of(db).codes, draft.browser, draft.client_id)
    return Given(appeal.id, appeal.receipt, code, appeal.received_at)


def mark(db: Session, appeal_id: int, suspicions: str) -> None:
    """Have the screener look twice."""
    if suspicions:
        db.get_one(Appeal, appeal_id).suspected = suspicions


def filing_of(
    values: dict[str, str],
    *,
    channel: str,
    locale: str,
    attachment_ids: tuple[int, ...] = (),
    source: tuple[str, int] | None = None,
) -> Filing:
    """The form's values as the cases' floor takes them; a company's fields count only for a company."""
    company = values["party_kind"] == "company"
    return Filing(
        channel=channel,
        kind=values["kind"],
        title=values["title"],
        body=values["body"],
        contact=Contact(values["contact_name"], values["phone"], values["email"]),
        consent_to_publish=values["consent"] == "yes",
        party_kind=values["party_kind"],
        credit_code=values["credit_code"] if company else None,
        company_name=values["company_name"] if company else "",
        category_id=_chosen(values["category"]),
        area_id=_chosen(values["area"]),
        place=values["place"],
        concerns=values["concerns"],
        concerns_unit_id=_chosen(values["concerns_unit"]),
        locale=locale,
        source_kind=source[0] if source else None,
        source_id=source[1] if source else None,
        attachment_ids=attachment_ids,
    )


def _chosen(value: str) -> int | None:
    return int(value) if value else None


def _attach(db: Session, now: datetime, actor: Actor, draft_id: int) -> tuple[int, ...]:
    """The draft's files become attachments that wait for their appeal."""
    staged = staged_files(db, draft_id)
    made = [
        Attachment(**asdict(_kept(file)), kind="appeal", made_at=now, uploaded_by_id=actor.person_id)
        for file in staged
    ]
    db.add_all(made)
    for file in staged:
        db.delete(file)
    db.flush()
    return tuple(attachment.id for attachment in made)


def _kept(file: StagedFile) -> KeptFile:
    return KeptFile(file.name, file.media_type, file.size, file.sha256, file.stored_as)
