"""The named cast. Every test's people live in this small city; ids are the same in every test.

Office: Mei (moderator), Nuo (second moderator), Su (supervisor), An (administrator), He (host), Ke (assessor),
Ji (discipline). Housing bureau (unit `housing`): Hou (head), Lin (official), Old Wu (appointment ended).
Water office, below housing: Shui (official). Roads bureau: Lu (head), Qiao (official).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.cases.models import Category, Channel
from portal.identity import service
from portal.identity.actors import SYSTEM, Actor
from portal.identity.queries import actor_of
from portal.kernel.db import Database

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 18, 2, 0, tzinfo=UTC)
"""A Thursday, 10:00 in the city; Friday the 19th is a public holiday."""
FOUNDED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

UNITS = (
    ("office", "会客厅办公室", None),
    ("housing", "市住房和城乡建设局", None),
    ("water", "市排水管理处", "housing"),
    ("roads", "市交通运输局", None),
)
PEOPLE = (
    # name, staff number, role, unit
    ("梅若兰", "1001", "moderator", "office"),
    ("诺敏", "1002", "moderator", "office"),
    ("苏正", "1003", "supervisor", "office"),
    ("安宁", "1004", "administrator", "office"),
    ("何立", "1005", "host", "office"),
    ("柯评", "1006", "assessor", "office"),
    ("纪严", "1007", "discipline", None),
    ("侯局", "2001", "unit_head", "housing"),
    ("林工", "2002", "official", "housing"),
    ("吴老", "2003", "official", "housing"),
    ("水清", "2101", "official", "water"),
    ("路局", "3001", "unit_head", "roads"),
    ("乔工", "3002", "official", "roads"),
)
KEYS = ("mei", "nuo", "su", "an", "he", "ke", "ji", "hou", "lin", "wu", "shui", "lu", "qiao")


def found_city(database: Database) -> None:
    """Found the city through the services; called once for the template database."""
    with database.transaction() as db:
        units: dict[str, int] = {}
        for sort, (code, name, parent) in enumerate(UNITS):
            unit = service.add_unit(
                db,
                FOUNDED,
                SYSTEM,
                code=code,
                name=name,
                short_name=name.removeprefix("市"),
                slug=code,
                parent_id=units.get(parent or ""),
                sort=sort,
                handles_cases=code != "office",
            )
            units[code] = unit.id
        for code, name in (("east", "东澜区"), ("west", "西桥区")):
            service.add_area(db, FOUNDED, SYSTEM, code=code, name=name, name_en=code.title())
        for key, (name, number, role, unit_code) in zip(KEYS, PEOPLE, strict=True):
            person = service.add_person(db, FOUNDED, SYSTEM, name, staff_number=number)
            made = service.appoint(
                db,
                FOUNDED,
                SYSTEM,
                person.id,
                role,
                unit_id=units[unit_code] if unit_code else None,
                starts_on=date(2026, 1, 5),
            )
            if key == "wu":
                service.end_appointment(db, FOUNDED, SYSTEM, made.id)
        db.add_all(
            Channel(code=code, name=name, kind=kind, staff_only=staff_only, sort=sort)
            for sort, (code, name, kind, staff_only) in enumerate(
                (
                    ("web", "网上提交", "online", False),
                    ("hotline_12345", "12345 热线", "phone", True),
                    ("counter", "窗口", "visit", True),
                    ("history", "历史导入", "system", True),
                )
            )
        )
        db.add_all(
            Category(code=code, name=name, name_en=code.title(), sort=sort)
            for sort, (code, name) in enumerate(
                (("housing", "城乡建设"), ("traffic", "交通出行"), ("business", "营商环境"))
            )
        )


@dataclass(frozen=True)
class City:
    """Ids of the cast: `city.unit("housing")`, `city.person("lin")`, `city.actor(db, "lin")`."""

    def unit(self, code: str) -> int:
        return [row[0] for row in UNITS].index(code) + 1

    def person(self, key: str) -> int:
        return KEYS.index(key) + 1

    def staff_number(self, key: str) -> str:
        return PEOPLE[KEYS.index(key)][1]

    def category(self, code: str) -> int:
        return ("housing", "traffic", "business").index(code) + 1

    def area(self, code: str) -> int:
        return ("east", "west").index(code) + 1

    def channel(self, code: str) -> int:
        return ("web", "hotline_12345", "counter", "history").index(code) + 1

    def actor(self, db: Session, key: str, now: datetime = NOW) -> Actor:
        """The person as an actor with the appointments that hold at `now`."""
        return actor_of(db, self.person(key), now, ZONE)
