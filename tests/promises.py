"""Commitments in any legal state, built by walking through the services: nothing here writes a state by hand.

    made = a_commitment(db, city)                              # promised by Lin's bureau, agreed to by Nuo
    made = a_commitment(db, city, "kept", days=10)
    made = a_commitment(db, city, "proposed", filed=filed)     # for a case that stands already

Lin of the housing bureau writes and reports, Nuo of the office is the second person, Mei the third. What comes
after a day is over happens then: `after` is that moment.
"""

import itertools
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.service import Filed
from portal.cases.texts import Attachment
from portal.commitments import service
from portal.commitments.models import Commitment
from portal.commitments.service import Picture, Promise
from portal.commitments.workflow import Wish
from portal.deadlines import service as deadlines
from tests.builders import a_case
from tests.cast import NOW, City

WHAT = "锦帆里小区 12 盏路灯全部修好"
HOW = "更换 12 盏灯头并接通电源，逐盏试亮，在楼道张贴结果。"
DAY = date(2026, 7, 2)
"""A Thursday, two weeks after the cast's one."""
AFTER = datetime(2026, 7, 6, 2, 0, tzinfo=NOW.tzinfo)
"""The Monday after it."""
_files = itertools.count(1)


def a_promise(city: City, unit: str = "housing", person: str = "lin", **changes: object) -> Promise:
    """What Lin's bureau promises, or with the `changes` to it."""
    values = {"what": WHAT, "how": HOW, "due_day": DAY} | changes
    return Promise(city.unit(unit), city.person(person), **values)  # type: ignore[arg-type]


def a_commitment(
    db: Session, city: City, state: str = "made", *, filed: Filed | None = None, **changes: object
) -> Commitment:
    """A commitment in `state`, made on the cast's Thursday."""
    filed = filed or a_case(db, city, "handling")
    made = service.make(
        db,
        NOW,
        city.actor(db, "lin"),
        a_promise(city, **changes),  # type: ignore[arg-type]
        source_kind="case",
        source_id=filed.case_id,
    )
    if state == "proposed":
        return made
    if state == "dropped":
        service.drop(db, NOW, city.actor(db, "nuo"), made.id, "not_clear")
        return made
    service.agree(db, NOW, city.actor(db, "nuo"), made.id)
    if state == "made":
        return made
    a_follow_up(db, city, made)
    if state != "in_progress":
        end(db, city, made, state)
    return made


def a_follow_up(
    db: Session, city: City, made: Commitment, now: datetime = NOW, words: str = "已换好 6 盏。"
) -> int:
    """A report of Lin's with a picture of before and one of after, shown by Nuo."""
    lin = city.actor(db, "lin", now)
    pictures = [Picture(a_file(db, city), part, f"{part} 的样子") for part in ("before", "after")]
    report = service.follow_up(db, now, lin, made.id, words, pictures)
    service.show(db, now, city.actor(db, "nuo", now), report.id)
    return report.id


def a_file(db: Session, city: City, key: str = "lin") -> int:
    """A picture that this official has just uploaded for a follow-up (its bytes are nowhere)."""
    number = next(_files)
    row = Attachment(
        kind="commitment",
        name="after.jpg",
        media_type="image/jpeg",
        size=1000,
        sha256="0" * 64,
        stored_as=f"2026/06/18/{number:032x}.jpg",
        uploaded_by_id=city.person(key),
        made_at=NOW,
    )
    db.add(row)
    db.flush()
    return row.id


ENDS = {
    # state: (who proposes, what, at)
    "kept": ("lin", Wish.KEPT, NOW + timedelta(days=3)),
    "kept_late": ("lin", Wish.KEPT, AFTER),
    "partly_kept": ("lin", Wish.PARTLY_KEPT, AFTER),
    "broken": ("mei", Wish.BROKEN, AFTER),
    "released": ("hou", Wish.RELEASED, NOW + timedelta(days=3)),
}


def end(db: Session, city: City, made: Commitment, state: str) -> None:
    """One proposes the end, Nuo decides it the day after."""
    who, wish, at = ENDS[state]
    deadlines.sweep(db, at)
    proposal = service.propose_end(db, at, city.actor(db, who, at), made.id, wish, "已经逐盏核对。")
    later = at + timedelta(days=1)
    service.decide(db, later, city.actor(db, "nuo", later), proposal.id, True)


def reload(db: Session, made: Commitment) -> Commitment:
    """As it stands now."""
    return db.scalars(select(Commitment).where(Commitment.id == made.id)).one()
