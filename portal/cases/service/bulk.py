"""Taking in history by the hundred: appeals that were made elsewhere, with the answers they got there.

The rows are those that filing would have made, without query code, clock, proposal or fact: history alerts
nobody and is found by search alone. Everything that costs time is made beforehand by `past.prepare`, outside the
transaction; `take_in` only takes numbers and inserts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, AppealPiece, Case, CaseLink, Channel
from portal.cases.past import PastAppeal, PastReply, Prepared, as_json
from portal.cases.service import numbering
from portal.cases.service.filing import Contact, Filed, Filing, file_appeal
from portal.cases.texts import INDEX, AppealContact, AppealKey, AppealRaw, AppealText, Reply
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.identity.service import company_by_code
from portal.kernel import codes, search
from portal.kernel.db import keys_of
from portal.kernel.keys import seal
from portal.kernel.pairs import index_text
from portal.kernel.rows import add_rows, fresh_ids

ASKED_AT_ONCE = 400
"""Numbers per question whether they are known."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many were new, and how many were there already (under their number and channel)."""

    added: int
    known: int


def known_numbers(db: Session, channel_id: int, external_ids: Sequence[str]) -> set[str]:
    """Which of a channel's numbers have been taken in already."""
    found: set[str] = set()
    for start in range(0, len(external_ids), ASKED_AT_ONCE):
        asked = external_ids[start : start + ASKED_AT_ONCE]
        found.update(
            number
            for number in db.scalars(
                select(Appeal.external_id).where(
                    Appeal.channel_id == channel_id, Appeal.external_id.in_(asked)
                )
            )
            if number
        )
    return found


def take_in(
    db: Session, now: datetime, actor: Actor, channel_id: int, prepared: Sequence[Prepared]
) -> TakenIn:
    """Take appeals in as history, each once per channel and number; the first of a number counts."""
    require(actor, "intake.import")
    _one_after_another(db, channel_id)
    known = known_numbers(db, channel_id, [item.appeal.external_id for item in prepared])
    new: dict[str, Prepared] = {}
    for item in prepared:
        if item.appeal.external_id not in known:
            new.setdefault(item.appeal.external_id, item)
    if new:
        _Batch(db, now, actor, channel_id, list(new.values())).write()
    return TakenIn(len(new), len(prepared) - len(new))


def _one_after_another(db: Session, channel_id: int) -> None:
    """Two who import the same file at once: the second waits, and then finds everything known."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext("import"), channel_id)))


class _Batch:
    """The rows of one batch, table by table, in the order of their references to each other."""

    def __init__(
        self, db: Session, now: datetime, actor: Actor, channel_id: int, items: Sequence[Prepared]
    ) -> None:
        self.db, self.now, self.actor, self.channel_id = db, now, actor, channel_id
        count = len(items)
        self.rows = list(
            zip(
                items,
                fresh_ids(db, Appeal, count),
                fresh_ids(db, Case, count),
                numbering.receipts(db, now, count),
                numbering.case_refs(db, now, count),
                strict=True,
            )
        )

    def write(self) -> None:
        """Everything, or nothing with the transaction."""
        companies = self._companies()
        db = self.db
        add_rows(db, Appeal, [self._appeal(*row, companies) for row in self.rows])
        add_rows(db, AppealKey, [{"appeal_id": a, "wrapped": i.wrapped} for i, a, *_ in self.rows])
        add_rows(db, AppealContact, [{"appeal_id": a, "sealed": i.contact} for i, a, *_ in self.rows])
        add_rows(db, AppealRaw, [{"appeal_id": a, "sealed": i.raw} for i, a, *_ in self.rows])
        add_rows(db, AppealText, [_text(i.appeal, a) for i, a, *_ in self.rows])
        pieces = sorted((key, a) for i, a, *_ in self.rows for key in i.prints.keys)
        add_rows(db, AppealPiece, [{"key": key, "appeal_id": a} for key, a in pieces])
        add_rows(db, Case, [self._case(*row) for row in self.rows])
        add_rows(db, CaseLink, [self._link(a, c) for _, a, c, *_ in self.rows])
        add_rows(db, HistoryEntry, [self._entry(i.appeal, c) for i, _, c, *_ in self.rows])
        add_rows(db, Reply, [_reply(i.appeal.reply, c) for i, _, c, *_ in self.rows if i.appeal.reply])
        search.put_terms(db, INDEX, list(self._index()))

    def _companies(self) -> dict[str, int]:
        names = {i.appeal.credit_code: i.appeal.company_name for i, *_ in self.rows if i.appeal.credit_code}
        return {code: company_by_code(self.db, code, name).id for code, name in names.items()}

    def _appeal(
        self,
        item: Prepared,
        appeal_id: int,
        _case_id: int,
        receipt: str,
        _ref: str,
        companies: dict[str, int],
    ) -> dict[str, Any]:
        appeal = item.appeal
        return {
            "id": appeal_id,
            "receipt": receipt,
            "code_hash": None,
            "channel_id": self.channel_id,
            "external_id": appeal.external_id,
            "source_kind": None,
            "source_id": None,
            "kind": appeal.kind,
            "party_kind": appeal.party_kind,
            "company_id": companies.get(appeal.credit_code),
            "category_id": appeal.category_id,
            "area_id": appeal.area_id,
            "concerns_unit_id": appeal.concerns_unit_id,
            "concerns_person_id": None,
            "consent_to_publish": appeal.consent_to_publish,
            "occurred_at": appeal.occurred_at,
            "received_at": self.now,
            "is_history": True,
            "likes": appeal.likes,
            "dislikes": appeal.dislikes,
            "filed_by_id": self.actor.person_id,
            "locale": appeal.locale,
            "same_body": item.prints.same_body,
            "likeness": item.prints.likeness,
            "erased_at": None,
        }

    def _case(self, item: Prepared, _appeal_id: int, case_id: int, _receipt: str, ref: str) -> dict[str, Any]:
        appeal, reply = item.appeal, item.appeal.reply
        closed = reply is not None and reply.closed
        unit_id = reply.unit_id if reply else None
        return {
            "id": case_id,
            "ref": ref,
            "state": _state(appeal),
            "tier": "first_ask",
            "kind": appeal.kind,
            "party_kind": appeal.party_kind,
            "category_id": appeal.category_id,
            "area_id": appeal.area_id,
            "channel_id": self.channel_id,
            "first_asked_unit_id": unit_id,
            "lead_unit_id": unit_id,
            "closing_kind": reply.closing_kind if reply and closed else None,
            "opened_at": appeal.occurred_at,
            "answered_at": reply.at if reply else None,
            "closed_at": reply.at if reply and closed else None,
            "is_history": True,
            "bounces": 0,
            "version": 1,
            "updated_at": self.now,
        }

    def _link(self, appeal_id: int, case_id: int) -> dict[str, Any]:
        return {"appeal_id": appeal_id, "case_id": case_id, "kind": "opened", "made_at": self.now}

    def _entry(self, appeal: PastAppeal, case_id: int) -> dict[str, Any]:
        return {
            "case_id": case_id,
            "at": self.now,
            "act": Act.IMPORTED.value,
            "source": None,
            "target": _state(appeal),
            "actor_kind": self.actor.kind.value,
            "actor_id": self.actor.person_id,
            "details": {"channel_id": self.channel_id},
        }

    def _index(self) -> Iterator[tuple[int, str]]:
        for item, _, case_id, receipt, ref in self.rows:
            yield case_id, f"{index_text(ref)} {index_text(receipt)} {item.terms}"


def _state(appeal: PastAppeal) -> str:
    if appeal.reply is None:
        return CaseState.SUBMITTED.value
    return (CaseState.CLOSED if appeal.reply.closed else CaseState.ANSWERED).value


def _text(appeal: PastAppeal, appeal_id: int) -> dict[str, Any]:
    return {
        "appeal_id": appeal_id,
        "title": appeal.title,
        "body": appeal.body,
        "place": appeal.place,
        "concerns": appeal.concerns,
    }


def _reply(reply: PastReply, case_id: int) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "unit_id": reply.unit_id,
        "unit_name": reply.unit_name,
        "body": reply.body,
        "closing_kind": reply.closing_kind,
        "legal_ground": "",
        "handed_to": "",
        "way_forward": "",
        "made_at": reply.at,
    }


def file_open(db: Session, now: datetime, actor: Actor, channel: Channel, appeal: PastAppeal) -> Filed:
    """File an appeal from elsewhere as a new one: its clocks run from now, its date stays what it was."""
    require(actor, "intake.import")
    filing = Filing(
        channel=channel.code,
        kind=appeal.kind,
        title=appeal.title,
        body=appeal.body,
        contact=Contact(**appeal.contact),
        consent_to_publish=appeal.consent_to_publish,
        party_kind=appeal.party_kind,
        credit_code=appeal.credit_code or None,
        company_name=appeal.company_name,
        category_id=appeal.category_id,
        area_id=appeal.area_id,
        place=appeal.place,
        concerns=appeal.concerns,
        concerns_unit_id=appeal.concerns_unit_id,
        locale=appeal.locale,
        occurred_at=appeal.occurred_at,
        external_id=appeal.external_id,
    )
    client_id = codes.hash_code(keys_of(db).codes, appeal.external_id)
    filed = file_appeal(db, now, actor, filing, scope=f"import:{channel.id}", client_id=client_id)
    row = db.get_one(Appeal, filed.appeal_id)
    row.likes, row.dislikes = appeal.likes, appeal.dislikes
    key = keys_of(db).unwrap(db.get_one(AppealKey, filed.appeal_id).wrapped)
    db.add(AppealRaw(appeal_id=filed.appeal_id, sealed=seal(key, as_json(appeal.raw))))
    db.flush()
    return filed
