"""A small city at work, for the random walk: what people do to cases, mostly sensible, sometimes meddling.

`advance` takes steps that a case's state asks for, by whose turn it is; `meddle` tries any service by anybody and
is mostly refused. What was refused must have changed nothing. What must hold is in the test.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.models import Assignment, Case, Extension
from portal.cases.subjects import subject_of
from portal.cases.texts import AskerQuestion
from portal.deadlines import service as deadlines
from portal.identity.actors import Actor, asker
from portal.kernel.db import Database
from portal.kernel.errors import PortalError
from tests.builders import an_appeal, evidence
from tests.cast import NOW, City

Step = Callable[[Session], Any]
CITY = City()
OFFICIAL = {CITY.unit("housing"): "lin", CITY.unit("water"): "shui", CITY.unit("roads"): "qiao"}
UNITS = ("housing", "water", "roads")
TIERS = ("first_ask", "joint", "escalated")
RATINGS = (("satisfied", ""), ("neutral", ""), ("very_dissatisfied", ""), ("dissatisfied", "不行"))
STAFF = st.sampled_from(("mei", "nuo", "su", "ke", "lin", "hou", "shui", "qiao", "lu"))
PICK, WAY = st.integers(0, 7), st.integers(0, 59)


class Loop(RuleBasedStateMachine):
    """People and the clock at work."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.appeals: list[int] = []

    def attempt(self, step: Step) -> None:
        try:
            with self.database.transaction() as db:
                step(db)
        except PortalError:
            pass
        self.now += timedelta(minutes=7)

    def a_case(self, pick: int) -> Case:
        """One of the newest."""
        with self.database.reading() as db:
            cases = db.scalars(select(Case).order_by(Case.id.desc()).limit(8)).all()
        return cases[pick % len(cases)]

    @precondition(lambda self: len(self.appeals) < 6)
    @rule(about=st.sampled_from((None, None, None, "housing", "roads")))
    def file(self, about: str | None) -> None:
        concerned = CITY.unit(about) if about else None
        self.attempt(
            lambda db: self.appeals.append(an_appeal(db, self.now, concerns_unit_id=concerned).appeal_id)
        )

    @precondition(lambda self: self.appeals)
    @rule(pick=PICK, ways=st.lists(WAY, min_size=1, max_size=10))
    def advance(self, pick: int, ways: list[int]) -> None:
        case_id = self.a_case(pick).id
        for way in ways:
            with self.database.reading() as db:
                case = db.get_one(Case, case_id)
            steps = Sensible(self, case).steps()
            self.attempt(steps[way % len(steps)])

    @precondition(lambda self: self.appeals)
    @rule(pick=PICK, who=STAFF, way=WAY, what=st.sampled_from(sorted(set(service.__all__))))
    def meddle(self, pick: int, who: str, way: int, what: str) -> None:
        step = Meddling(self, self.a_case(pick), who, way).steps().get(what)
        if step is not None:
            self.attempt(step)

    @rule(days=st.sampled_from((1, 3, 15)))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.attempt(lambda db: service.close_due(db, self.now))
        self.attempt(lambda db: deadlines.sweep(db, self.now))


class Doing:
    """Acts on one case, whoever does them."""

    def __init__(self, loop: Loop, case: Case) -> None:
        self.loop, self.case, self.id = loop, case, case.id
        self.official = OFFICIAL.get(case.lead_unit_id or 0, "lin")

    @property
    def now(self) -> Any:
        return self.loop.now

    def by(self, db: Session, key: str) -> Actor:
        return CITY.actor(db, key, self.now)

    def act(self, do: Any, key: str, *args: Any, **kwargs: Any) -> Step:
        return lambda db: do(db, self.now, self.by(db, key), self.id, *args, **kwargs)

    def asked(self, do: Any, *args: Any, **kwargs: Any) -> Step:
        """Done by the first asker of the case."""
        return lambda db: do(
            db, self.now, asker(min(subject_of(db, self.id).appeal_ids, default=0)), self.id, *args, **kwargs
        )

    def screen(self, key: str, tier: str) -> Step:
        return self.act(service.screen, key, kind="help", category_id=1, area_id=1, tier=tier)

    def assign(self, key: str, unit: str, other: str) -> Step:
        supporting = [CITY.unit(other)] if self.case.tier == "joint" else []
        return self.act(service.assign, key, CITY.unit(unit), supporting_unit_ids=supporting)

    def answer(self, key: str, kind: str) -> Step:
        def step(db: Session) -> None:
            if kind == "solved":
                file = evidence(db, CITY, key, self.now)
                service.add_evidence(db, self.now, self.by(db, key), self.id, [file], ["图"])
            self.act(
                service.answer,
                key,
                "答复",
                kind,
                legal_ground="条例" if kind == "explained" else "",
                handed_to="法院，回执 1" if kind == "not_ours" else "",
                way_forward="下月解决",
                not_needed_because="个例",
            )(db)

        return step

    def answer_question(self, db: Session) -> None:
        row = db.query(AskerQuestion).filter_by(case_id=self.id).order_by(AskerQuestion.id.desc()).first()
        if row is not None:
            service.answer_question(db, self.now, asker(row.appeal_id), row.id, "补充")

    def rate_all(self, level: str, comment: str) -> Step:
        def step(db: Session) -> None:
            for appeal_id in sorted(subject_of(db, self.id).appeal_ids):
                service.rate(db, self.now, asker(appeal_id), self.id, level, level, level, comment=comment)

        return step

    def settle(self, key: str | None, state: str = "done") -> Step:
        def step(db: Session) -> None:
            for part in db.query(Assignment).filter_by(case_id=self.id, part="supporting", ended_at=None):
                who = self.by(db, key or OFFICIAL[part.unit_id])
                service.settle_part(db, self.now, who, part.id, state, "说明")

        return step

    def extend(self, asking: str, deciding: str, granted: bool) -> Step:
        def step(db: Session) -> None:
            day = (self.now + timedelta(days=60)).date()
            self.act(service.request_extension, asking, day, "来不及")(db)
            row = db.query(Extension).filter_by(case_id=self.id).order_by(Extension.id.desc()).first()
            assert row is not None
            service.decide_extension(db, self.now, self.by(db, deciding), row.id, granted, "决定")

        return step

    def refusal_objection(self, key: str, upheld: bool) -> Step:
        def step(db: Session) -> None:
            self.asked(service.object_to_refusal, "不服")(db)
            self.act(service.decide_refusal_objection, key, upheld, "决定")(db)

        return step

    def wait(self, days: int) -> Step:
        def step(db: Session) -> None:
            self.loop.now += timedelta(days=days)
            service.close_due(db, self.now)

        return step


class Sensible(Doing):
    """The next steps that a case's state asks for."""

    def steps(self) -> list[Step]:
        steps: list[Step] = getattr(self, self.case.state)()
        return steps

    def submitted(self) -> list[Step]:
        part = self.act(service.split, "mei", [("另一件事", "说明")])
        return [*(self.screen("mei", tier) for tier in ("first_ask", *TIERS)), part]

    def screened(self) -> list[Step]:
        to = [
            self.assign("mei", unit, other) for unit, other in zip(UNITS, UNITS[1:] + UNITS[:1], strict=True)
        ]
        into = self.act(service.merge, "mei", max(1, self.id - 1), "同")
        return [*to, *to, self.act(service.not_accept, "mei", "untrue", "不实"), into]

    def not_accepted(self) -> list[Step]:
        return [self.refusal_objection("nuo", upheld) for upheld in (True, True, False)]

    def merged(self) -> list[Step]:
        return [self.act(service.undo_merge, "mei", "错")]

    def assigned(self) -> list[Step]:
        accept = self.act(service.accept, self.official)
        objections = [
            self.act(service.object_to_assignment, self.official, "不归我们", CITY.unit(unit))
            for unit in UNITS
        ]
        return [accept, accept, *objections]

    def objected(self) -> list[Step]:
        return [
            self.act(service.decide_objection, key, upheld, "决定")
            for key in ("nuo", "hou", "su")
            for upheld in (True, True, False)
        ]

    def accepted(self) -> list[Step]:
        return [self.act(service.start, self.official)]

    def handling(self) -> list[Step]:
        reroutes = [self.act(service.reroute, "mei", CITY.unit(unit), reason="调整") for unit in UNITS]
        return [
            *(self.answer(self.official, kind) for kind in ("solved", "solved", "explained", "not_ours")),
            self.act(service.ask_asker, self.official, "问"),
            self.act(service.wait_external, self.official, "等"),
            *reroutes,
            self.act(service.set_tier, "mei", "escalated", "难"),
            self.act(service.give_plan, self.official, "计划"),
            self.extend(self.official, "nuo", granted=True),
        ]

    def waiting_asker(self) -> list[Step]:
        return [
            self.answer_question,
            self.answer_question,
            self.act(service.resume, self.official),
            self.wait(7),
        ]

    def waiting_external(self) -> list[Step]:
        return [self.act(service.resume, self.official), self.wait(20)]

    def answered(self) -> list[Step]:
        return [
            *(self.rate_all(level, comment) for level, comment in RATINGS),
            *(self.act(service.call_back, "ke", satisfied, "回访") for satisfied in (True, False)),
            self.act(service.close, "mei"),
            self.wait(20),
            self.settle(None),
        ]

    def reopen_requested(self) -> list[Step]:
        decided = [self.act(service.decide_reopening, "nuo", yes, "决定") for yes in (True, True, False)]
        return [self.settle(None), *decided]

    def closed(self) -> list[Step]:
        asked = self.asked(service.request_reopening, "未解决")
        return [self.act(service.request_reopening, "su", "未解决"), asked, self.wait(1), self.erase_own]

    def erase_own(self, db: Session) -> None:
        appeal_id = min(subject_of(db, self.id).appeal_ids, default=0)
        service.erase_appeal(db, self.now, self.by(db, "mei"), appeal_id, "要求")

    def withdrawn(self) -> list[Step]:
        return [self.wait(1)]


class Meddling(Doing):
    """Any service, by anybody, at any time."""

    def __init__(self, loop: Loop, case: Case, who: str, way: int) -> None:
        super().__init__(loop, case)
        self.who, self.way = who, way

    def one(self, choices: Any) -> Any:
        return choices[self.way % len(choices)]

    def steps(self) -> dict[str, Step]:
        who, unit, yes = self.who, CITY.unit(self.one(UNITS)), bool(self.way % 2)
        return {
            "screen": self.screen(who, self.one(TIERS)),
            "not_accept": self.act(service.not_accept, who, "untrue", "不实"),
            "decide_refusal_objection": self.refusal_objection(who, yes),
            "assign": self.assign(who, self.one(UNITS), self.one(UNITS[::-1])),
            "accept": self.act(service.accept, who),
            "object_to_assignment": self.act(service.object_to_assignment, who, "不归我们", unit),
            "decide_objection": self.act(service.decide_objection, who, yes, "决定", unit_id=unit),
            "delegate": self.act(service.delegate, who, CITY.person(self.one(("lin", "qiao", "wu")))),
            "reroute": self.act(service.reroute, who, unit, reason="调整"),
            "settle_part": self.settle(who, self.one(("done", "waived", "open"))),
            "set_tier": self.act(
                service.set_tier, who, self.one(TIERS), "调整", [CITY.unit(self.one(UNITS[::-1]))]
            ),
            "start": self.act(service.start, who),
            "add_note": self.act(service.add_note, who, "记", yes),
            "give_plan": self.act(service.give_plan, who, "计划"),
            "ask_asker": self.act(service.ask_asker, who, "问"),
            "wait_external": self.act(service.wait_external, who, "等"),
            "resume": self.act(service.resume, who),
            "answer": self.answer(who, self.one(("solved", "explained", "not_ours"))),
            "answer_question": self.answer_question,
            "rate": self.rate_all(*self.one(RATINGS)),
            "close": self.act(service.close, who, self.one((None, "solved", "unreachable"))),
            "call_back": self.act(service.call_back, who, yes, "回访"),
            "request_reopening": self.act(service.request_reopening, who, "未解决"),
            "decide_reopening": self.act(service.decide_reopening, who, yes, "决定"),
            "withdraw": self.asked(service.withdraw, "不用了"),
            "merge": self.act(service.merge, who, self.loop.a_case(self.way).id, "同"),
            "undo_merge": self.act(service.undo_merge, who, "错"),
            "split": self.act(service.split, who, [("另一件事", "说明")]),
            "request_extension": self.extend(who, self.one(("nuo", "hou")), yes),
            "erase_appeal": self.erase,
        }

    def erase(self, db: Session) -> None:
        appeal_id = self.one(self.loop.appeals)
        service.erase_appeal(db, self.now, self.by(db, self.who), appeal_id, "要求")
