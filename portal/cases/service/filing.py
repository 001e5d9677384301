"""Filing an appeal: appeal, case and link, words and sealed contacts, receipt and query code, clock and proposal."""

import json
from dataclasses import asdict, astuple, dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases import history, repeats
from portal.cases.events import AppealFiled
from portal.cases.models import Appeal, Case, CaseLink, Category, Channel
from portal.cases.service import clocks, numbering, proposals
from portal.cases.service.checks import on_list, one_of, text_given
from portal.cases.service.indexing import index_case
from portal.cases.texts import AppealContact, AppealKey, AppealText, Attachment
from portal.cases.vocabulary import Act, AppealKind, PartyKind
from portal.identity.actors import Actor, ActorKind
from portal.identity.models import Area, Person, Unit
from portal.identity.policy import require
from portal.identity.service import company_by_code
from portal.kernel import codes, events, keys, once
from portal.kernel.db import keys_of
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

LONGEST_TITLE = 200
LONGEST_BODY = 5000
LONGEST_ELSEWHERE = 100_000
"""What another channel took in whole is not refused here for its length."""


@dataclass(frozen=True)
class Contact:
    """How to reach the asker. Kept sealed; never in a log."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Filing:
    """What somebody submits, through any channel. `channel` is the channel's code."""

    channel: str
    kind: str
    title: str
    body: str
    contact: Contact
    consent_to_publish: bool
    party_kind: str = "person"
    credit_code: str | None = None
    company_name: str = ""
    category_id: int | None = None
    area_id: int | None = None
    place: str = ""
    concerns: str = ""
    concerns_unit_id: int | None = None
    concerns_person_id: int | None = None
    locale: str = "zh_Hans"
    source_kind: str | None = None
    source_id: int | None = None
    occurred_at: datetime | None = None
    attachment_ids: tuple[int, ...] = ()
    external_id: str | None = None
    """The channel's own number of it, given once per channel."""


@dataclass(frozen=True)
class Filed:
    """What the asker is given. `code` opens the appeal together with the receipt; only its hash is kept."""

    appeal_id: int
    case_id: int
    receipt: str
    ref: str
    code: str


def file_appeal(
    db: Session, now: datetime, actor: Actor, filing: Filing, *, scope: str, client_id: str
) -> Filed:
    """Take an appeal in and open its case. The same `client_id` in the same `scope` files once, and a
    retry is told the same receipt and code."""
    asked = _fingerprint(db, filing)
    before = once.done_before(db, f"appeal:{scope}", client_id, asked)
    if before is not None:
        return _filed(db, db.get_one(Appeal, before), scope, client_id)
    channel = _check(db, actor, filing)
    appeal = _add_appeal(db, now, actor, filing, channel)
    appeal.code_hash = codes.hash_code(keys_of(db).codes, _code(db, scope, client_id))
    _keep_words(db, appeal, filing)
    repeats.sign(db, appeal, filing.title, filing.body)
    _take_attachments(db, appeal, filing.attachment_ids)
    case = open_case(db, now, actor, appeal, opened_at=appeal.received_at)
    once.remember(db, now, f"appeal:{scope}", client_id, asked, appeal.id)
    db.flush()
    events.publish(db, now, AppealFiled(appeal.id, case.id))
    return _filed(db, appeal, scope, client_id)


def open_case(
    db: Session,
    now: datetime,
    actor: Actor,
    appeal: Appeal,
    *,
    opened_at: datetime,
    link: str = "opened",
    act: Act = Act.FILED,
    split_from: int | None = None,
) -> Case:
    """Open a case for an appeal, with link, history, clock, proposal and search row."""
    case = Case(
        ref=numbering.case_ref(db, now),
        state="submitted",
        tier="first_ask",
        kind=appeal.kind,
        party_kind=appeal.party_kind,
        category_id=appeal.category_id,
        area_id=appeal.area_id,
        channel_id=appeal.channel_id,
        opened_at=opened_at,
        is_history=appeal.is_history,
        updated_at=now,
    )
    db.add(case)
    db.flush()
    db.add(CaseLink(appeal_id=appeal.id, case_id=case.id, kind=link, made_at=now))
    history.record(
        db, now, actor, case.id, act, target="submitted", channel_id=appeal.channel_id, split_from=split_from
    )
    clocks.open_case(db, now, case)
    proposals.propose(db, now, case, appeal)
    db.flush()
    index_case(db, case.id, fresh=True)
    return case


def _fingerprint(db: Session, filing: Filing) -> str:
    # Under the key, because a plain digest of a phone number can be guessed.
    return codes.hash_code(keys_of(db).codes, repr(astuple(filing)))


def _code(db: Session, scope: str, client_id: str) -> str:
    return codes.derive(keys_of(db).codes, scope, client_id)


def _filed(db: Session, appeal: Appeal, scope: str, client_id: str) -> Filed:
    case_id, ref = db.execute(
        select(Case.id, Case.ref)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .where(CaseLink.appeal_id == appeal.id)
        .order_by(CaseLink.id)
        .limit(1)
    ).one()
    return Filed(appeal.id, case_id, appeal.receipt, ref, _code(db, scope, client_id))


def _check(db: Session, actor: Actor, filing: Filing) -> Channel:
    channel = db.scalar(select(Channel).where(Channel.code == filing.channel, Channel.active))
    if channel is None:
        raise Invalid("unknown_channel", N_("Choose a channel from the list."), field="channel")
    if channel.staff_only and actor.kind is not ActorKind.SYSTEM:
        require(actor, "appeal.file")
    text_given("title", filing.title, LONGEST_TITLE)
    text_given("body", filing.body, LONGEST_ELSEWHERE if filing.external_id else LONGEST_BODY)
    one_of("kind", filing.kind, AppealKind)
    _check_party(filing)
    for field, table, found in (
        ("category_id", Category, filing.category_id),
        ("area_id", Area, filing.area_id),
        ("concerns_unit_id", Unit, filing.concerns_unit_id),
        ("concerns_person_id", Person, filing.concerns_person_id),
    ):
        on_list(db, field, table, found)
    return channel


def _check_party(filing: Filing) -> None:
    one_of("party_kind", filing.party_kind, PartyKind)
    if filing.party_kind == PartyKind.COMPANY and not codes.check_credit_code(filing.credit_code or ""):
        raise Invalid("credit_code", N_("This is no unified social credit code."), field="credit_code")


def _add_appeal(db: Session, now: datetime, actor: Actor, filing: Filing, channel: Channel) -> Appeal:
    company_id = None
    if filing.party_kind == PartyKind.COMPANY:
        code = codes.normalise_credit_code(filing.credit_code or "")
        company_id = company_by_code(db, code, filing.company_name.strip()).id
    appeal = Appeal(
        receipt=numbering.receipt(db, now),
        channel_id=channel.id,
        external_id=filing.external_id,
        source_kind=filing.source_kind,
        source_id=filing.source_id,
        kind=filing.kind,
        party_kind=filing.party_kind,
        company_id=company_id,
        category_id=filing.category_id,
        area_id=filing.area_id,
        concerns_unit_id=filing.concerns_unit_id,
        concerns_person_id=filing.concerns_person_id,
        consent_to_publish=filing.consent_to_publish,
        occurred_at=filing.occurred_at or now,
        received_at=now,
        filed_by_id=actor.person_id,
        locale=filing.locale,
        is_history=False,
    )
    db.add(appeal)
    db.flush()
    return appeal


def _keep_words(db: Session, appeal: Appeal, filing: Filing) -> None:
    """The words in plain rows that erasure empties; the contact sealed under the appeal's own key."""
    key, wrapped = keys_of(db).new_data_key()
    contact = json.dumps(asdict(filing.contact), ensure_ascii=False).encode()
    db.add_all(
        [
            AppealKey(appeal_id=appeal.id, wrapped=wrapped),
            AppealContact(appeal_id=appeal.id, sealed=keys.seal(key, contact)),
            AppealText(
                appeal_id=appeal.id,
                title=filing.title.strip(),
                body=filing.body.strip(),
                place=filing.place.strip(),
                concerns=filing.concerns.strip(),
            ),
        ]
    )
    db.flush()


def _take_attachments(db: Session, appeal: Appeal, attachment_ids: tuple[int, ...]) -> None:
    """Files that belong to nobody yet become the appeal's."""
    if not attachment_ids:
        return
    taken = db.execute(
        update(Attachment)
        .where(
            Attachment.id.in_(attachment_ids), Attachment.appeal_id.is_(None), Attachment.case_id.is_(None)
        )
        .values(appeal_id=appeal.id, kind="appeal")
    )
    if taken.rowcount != len(set(attachment_ids)):  # type: ignore[attr-defined]
        raise Invalid("attachment_gone", N_("A file is no longer there. Attach it again."), field="files")
