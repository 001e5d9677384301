"""Cases in any legal state, built by walking through the services: nothing here writes a state by hand.

    with database.transaction() as db:
        filed = a_case(db, city)                                # submitted, by an asker from the public
        filed = a_case(db, city, "handling")                    # with Lin of the housing bureau
        filed = a_case(db, city, "closed", closing="explained")
        filed = a_case(db, city, "assigned", tier="joint", supporting=("roads",))
        filed = a_case(db, city, "screened", concerns_unit_id=city.unit("roads"), title="…")

The result is a `Filed`: `case_id`, `appeal_id`, `receipt`, `ref`, `code`. Everything happens at `now` (default:
the cast's Thursday). Who acts: Mei files for nobody, screens, assigns and decides; the official of the lead
unit (Lin, Shui or Qiao) handles; Nuo is the office's second person. `ACTS` names who does what.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.models import Assignment
from portal.cases.service import Contact, Filed, Filing
from portal.cases.texts import Attachment
from portal.identity.actors import PUBLIC, Actor, asker
from tests.cast import NOW, City

LAMP = Filing(
    channel="web",
    kind="help",
    title="锦帆里小区路灯不亮",
    body="三号楼前的路灯坏了两个星期，晚上很黑，老人出门不便。",
    contact=Contact(name="王小满", phone="13900001234"),
    consent_to_publish=True,
    category_id=1,
    area_id=1,
    place="锦帆里小区",
)
OFFICIAL = {"housing": "lin", "water": "shui", "roads": "qiao"}
"""Who handles in each unit."""
HEAD = {"housing": "hou", "water": "hou", "roads": "lu"}
_clicks = itertools.count(1)

PATHS: dict[str, tuple[str, ...]] = {
    "submitted": (),
    "screened": ("screen",),
    "not_accepted": ("screen", "decline"),
    "merged": ("screen", "merge"),
    "assigned": ("screen", "assign"),
    "objected": ("screen", "assign", "object"),
    "accepted": ("screen", "assign", "accept"),
    "handling": ("screen", "assign", "accept", "start"),
    "waiting_asker": ("screen", "assign", "accept", "start", "ask"),
    "waiting_external": ("screen", "assign", "accept", "start", "wait"),
    "answered": ("screen", "assign", "accept", "start", "answer"),
    "reopen_requested": ("screen", "assign", "accept", "start", "answer", "dissatisfy"),
    "closed": ("screen", "assign", "accept", "start", "answer", "satisfy"),
    "withdrawn": ("withdraw",),
}
"""How a case comes to each state."""


def an_appeal(db: Session, now: datetime = NOW, actor: Actor = PUBLIC, **changes: Any) -> Filed:
    """An appeal from the public about a broken street lamp, or with the `changes` to it."""
    return service.file_appeal(
        db, now, actor, replace(LAMP, **changes), scope="test", client_id=f"click-{next(_clicks)}"
    )


def a_case(
    db: Session,
    city: City,
    state: str = "submitted",
    *,
    now: datetime = NOW,
    unit: str = "housing",
    tier: str = "first_ask",
    supporting: Sequence[str] = (),
    closing: str = "solved",
    **changes: Any,
) -> Filed:
    """A case in `state`; further `changes` are those of the appeal."""
    filed = an_appeal(db, now, **changes)
    walk = Walk(db, city, now, filed, unit, tier, supporting, closing)
    for step in PATHS[state]:
        getattr(walk, step)()
    return filed


def evidence(db: Session, city: City, key: str = "lin", now: datetime = NOW) -> int:
    """A file that this official has just uploaded (its bytes are nowhere)."""
    number = next(_clicks)
    row = Attachment(
        kind="evidence",
        name="after.jpg",
        media_type="image/jpeg",
        size=1000,
        sha256="0" * 64,
        stored_as=f"file-{number}",
        uploaded_by_id=city.person(key),
        made_at=now,
    )
    db.add(row)
    db.flush()
    return row.id


class Walk:
    """The steps of `PATHS`, each by the person whose step it is."""

    def __init__(
        self,
        db: Session,
        city: City,
        now: datetime,
        filed: Filed,
        unit: str = "housing",
        tier: str = "first_ask",
        supporting: Sequence[str] = (),
        closing: str = "solved",
    ) -> None:
        self.db, self.city, self.now, self.filed = db, city, now, filed
        self.unit, self.tier, self.supporting, self.closing = unit, tier, supporting, closing

    def by(self, key: str) -> Actor:
        return self.city.actor(self.db, key, self.now)

    @property
    def official(self) -> Actor:
        return self.by(OFFICIAL[self.unit])

    @property
    def asker(self) -> Actor:
        return asker(self.filed.appeal_id)

    def screen(self) -> None:
        service.screen(
            self.db,
            self.now,
            self.by("mei"),
            self.filed.case_id,
            kind="help",
            category_id=1,
            area_id=1,
            tier=self.tier,
        )

    def decline(self) -> None:
        service.not_accept(
            self.db,
            self.now,
            self.by("mei"),
            self.filed.case_id,
            "other_legal_track",
            "此事已由法院受理。",
        )

    def merge(self) -> None:
        other = a_case(self.db, self.city, "handling", now=self.now, unit=self.unit)
        service.merge(self.db, self.now, self.by("mei"), self.filed.case_id, other.case_id, "同一盏路灯")

    def assign(self) -> Assignment:
        return service.assign(
            self.db,
            self.now,
            self.by("mei"),
            self.filed.case_id,
            self.city.unit(self.unit),
            supporting_unit_ids=[self.city.unit(code) for code in self.supporting],
        )

    def object(self) -> None:
        proposed = "roads" if self.unit != "roads" else "water"
        service.object_to_assignment(
            self.db,
            self.now,
            self.official,
            self.filed.case_id,
            "这条路归交通部门管",
            self.city.unit(proposed),
        )

    def accept(self) -> None:
        service.accept(self.db, self.now, self.official, self.filed.case_id)

    def start(self) -> None:
        service.start(self.db, self.now, self.official, self.filed.case_id)

    def ask(self) -> tuple[int, str]:
        return service.ask_asker(self.db, self.now, self.official, self.filed.case_id, "请问是哪一盏路灯？")

    def wait(self) -> None:
        service.wait_external(self.db, self.now, self.official, self.filed.case_id, "等待供电公司停电许可")

    def answer(self) -> None:
        if self.closing == "solved":
            file = evidence(self.db, self.city, OFFICIAL[self.unit], self.now)
            service.add_evidence(self.db, self.now, self.official, self.filed.case_id, [file], ["修好的路灯"])
        ground = {"legal_ground": "《城市照明管理规定》第十条"} if self.closing == "explained" else {}
        receiver = {"handed_to": "供电公司，回执 2026-18"} if self.closing == "not_ours" else {}
        way = {"way_forward": "下月统一更换"} if self.tier == "escalated" else {}
        service.answer(
            self.db,
            self.now,
            self.official,
            self.filed.case_id,
            "路灯已更换，请查看照片。",
            self.closing,
            not_needed_because="个别灯具老化",
            **ground,
            **receiver,
            **way,
        )

    def satisfy(self) -> None:
        for part in self.open_parts():
            self.settle(part)
        self.rate("satisfied")

    def dissatisfy(self) -> None:
        self.rate("dissatisfied", "还是不亮")

    def rate(self, level: str, comment: str = "") -> None:
        service.rate(self.db, self.now, self.asker, self.filed.case_id, level, level, level, comment=comment)

    def withdraw(self) -> None:
        service.withdraw(self.db, self.now, self.asker, self.filed.case_id, "已自行解决")

    def open_parts(self) -> list[Assignment]:
        rows = self.db.query(Assignment).filter_by(case_id=self.filed.case_id, part="supporting")
        return [row for row in rows if row.part_state == "open" and row.ended_at is None]

    def settle(self, part: Assignment) -> None:
        code = next(code for code in OFFICIAL if self.city.unit(code) == part.unit_id)
        service.settle_part(self.db, self.now, self.by(OFFICIAL[code]), part.id, "done", "已完成")
