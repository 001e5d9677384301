"""Published cases for tests of the public pages: rows as a release would leave them, without a desk behind."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.ledger import service as ledger
from portal.publishing.models import PublishedCase, PublishedDetail, PublishedFile
from portal.publishing.queries.choices import load
from portal.publishing.service.indexing import index_case, unindex
from tests.cast import NOW, City

BODY = "翠湖苑 6 号楼建于 1998 年，共 7 层 28 户。\n\n街道说要住建局定，住建局说要先协商一致。"
REPLY = "双方签了协议，已核发施工许可，10 月 20 日前交付使用。"
TITLE = "翠湖苑 6 号楼加装电梯，申请 11 个月没有结果"
CLOCK = {
    "amount": 15,
    "unit": "workdays",
    "started": "2026-05-14",
    "first_due": "2026-06-04",
    "due": "2026-06-11",
    "stopped": "2026-06-08",
    "pauses": [["2026-05-19", "2026-05-22"]],
    "extensions": [["2026-06-04", "2026-06-11"]],
    "steps": [
        {"code": "start", "day": "2026-05-14"},
        {"code": "count", "amount": 15, "unit": "workdays"},
        {"code": "skip", "day": "2026-05-16", "until": "2026-05-17"},
        {"code": "extend", "day": "2026-06-04", "until": "2026-06-11"},
        {"code": "end", "day": "2026-06-11"},
    ],
    "provisional": False,
    "days": [
        *(["2026-05-15", "run"], ["2026-05-18", "run"], ["2026-05-19", "run"], ["2026-05-20", "paused"]),
        *(["2026-05-21", "paused"], ["2026-05-22", "paused"], ["2026-05-25", "run"], ["2026-05-26", "run"]),
        *(["2026-05-27", "run"], ["2026-05-28", "run"], ["2026-05-29", "run"], ["2026-06-01", "run"]),
        *(["2026-06-02", "run"], ["2026-06-03", "run"], ["2026-06-04", "run"], ["2026-06-05", "extended"]),
        *(["2026-06-08", "extended"], ["2026-06-09", "left"], ["2026-06-10", "left"], ["2026-06-11", "left"]),
    ],
    "used": 14,
    "limit": 17,
}


def publish(db: Session, city: City, ref: str = "B26-00001", **changes: Any) -> PublishedCase:
    """A case as the public reads it; `changes` go to whichever table has such a column."""
    unit = {"id": city.unit("housing"), "name": "市住房和城乡建设局"}
    case: dict[str, Any] = {
        "ref": ref,
        "case_id": _a_case(db, city, ref),
        "title": TITLE,
        "state": "closed",
        "outcome": "solved",
        "tier": "escalated",
        "kind": "help",
        "party_kind": "person",
        "unit_id": unit["id"],
        "unit_name": unit["name"],
        "category_id": city.category("housing"),
        "area_id": city.area("east"),
        "askers": 23,
        "rated": 14,
        "satisfied": 12,
        "received_on": date(2026, 5, 14),
        "answered_on": date(2026, 6, 8),
        "closed_at": NOW - timedelta(days=7),
        "workdays_used": 14,
        "workdays_limit": 17,
        "first_published_at": NOW - timedelta(days=6),
        "published_at": NOW - timedelta(days=6),
    }
    detail: dict[str, Any] = {
        "body": BODY,
        "reply": REPLY,
        "mechanism": "加装电梯材料改为一窗收件，部门之间自己传。",
        "facts": {
            "channel": "网上提交",
            "channel_en": "Web",
            "first_asked": unit,
            "lead": unit,
            "reply_by": unit,
        },
        "clock": CLOCK,
        "timeline": _timeline(unit),
        "gates": {
            "solved": {"met": True, "count": 3},
            "satisfied": {"met": True, "how": "rating"},
            "mechanism": {"met": True, "how": "outcome"},
        },
        "ratings": {
            "levels": {"very_satisfied": 8, "satisfied": 4, "neutral": 1, "dissatisfied": 1},
            "rated": 14,
            "asked": 23,
        },
        "fingerprint": "9f2c41d807abe63f" + "0" * 48,
    }
    for name, value in changes.items():
        (case if name in PublishedCase.__table__.c else detail)[name] = value
    row = PublishedCase(**case)
    db.add(row)
    db.flush()
    rest = PublishedDetail(published_case_id=row.id, **detail)
    db.add(rest)
    db.flush()
    index_case(db, row, rest, load(db), fresh=True)
    act = ledger.record(db, row.published_at, "case", ref, "released", _content(row, rest))
    rest.fingerprint = act.hash
    return row


def withdraw(
    db: Session, row: PublishedCase, words: str = "原文提到了他人住址。", code: str = "withdrawn"
) -> None:
    """As a withdrawal leaves it."""
    row.visible, row.title, row.published_at = False, "", NOW
    detail = db.get_one(PublishedDetail, row.id)
    detail.body = detail.reply = detail.mechanism = ""
    detail.timeline, detail.withdrawn_code, detail.withdrawn_words = [], code, words
    unindex(db, row)
    ledger.record(db, NOW, "case", row.ref, "withdrawn", {"words": words})
    ledger.empty(db, "case", row.ref, ("released", "corrected"))


def a_file(db: Session, row: PublishedCase, attachment_id: int, **changes: Any) -> PublishedFile:
    """A released file."""
    values: dict[str, Any] = {
        "published_case_id": row.id,
        "attachment_id": attachment_id,
        "part": "reply",
        "caption": "协商会纪要（隐去个人信息）",
        "name": "minutes.pdf",
        "media_type": "application/pdf",
        "size": 217_088,
        "stored_as": f"2026/06/08/{'0' * 32}.pdf",
    }
    file = PublishedFile(**(values | changes))
    db.add(file)
    db.flush()
    return file


def _a_case(db: Session, city: City, ref: str) -> int:
    case = Case(
        ref=ref,
        kind="help",
        party_kind="person",
        channel_id=city.channel("web"),
        opened_at=NOW,
        updated_at=NOW,
    )
    db.add(case)
    db.flush()
    found: int = db.execute(select(Case.id).where(Case.ref == ref)).scalar_one()
    return found


def _timeline(unit: dict[str, Any]) -> list[dict[str, Any]]:
    def entry(at: datetime, act: str, **more: Any) -> dict[str, Any]:
        return {"at": at.isoformat(), "act": act, **more}

    start = NOW - timedelta(days=35)
    return [
        entry(start, "filed", clock="run"),
        entry(start + timedelta(hours=6), "assigned", unit=unit, number="平会厅交〔2026〕412号"),
        entry(start + timedelta(days=1), "accepted", unit=unit),
        entry(start + timedelta(days=5), "asker_asked", clock="pause", until="2026-05-24"),
        entry(start + timedelta(days=8), "asker_answered", clock="run"),
        entry(start + timedelta(days=11), "tier_changed", tier="escalated"),
        entry(start + timedelta(days=19), "extension_approved", clock="extend", until="2026-06-11"),
        entry(start + timedelta(days=25), "answered", unit=unit, clock="stop", count=3, kind="solved"),
        entry(start + timedelta(days=28), "closed", kind="solved"),
    ]


def _content(row: PublishedCase, detail: PublishedDetail) -> dict[str, Any]:
    return {
        "title": row.title,
        "body": detail.body,
        "reply": detail.reply,
        "mechanism": detail.mechanism,
        "files": [],
        "lang": row.lang,
        "note": detail.correction_note,
    }
