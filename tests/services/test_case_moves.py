"""The whole table of moves × people: who may make each move, who may not, and that no other move exists."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.cases import service
from portal.cases.history import HistoryEntry
from portal.cases.models import Case
from portal.cases.service import moves, timing
from portal.cases.vocabulary import Act
from portal.cases.workflow import TRANSITIONS, CaseState, Transition
from portal.identity.actors import PUBLIC, SYSTEM, Actor, asker
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, NotFound, PortalError, Refused
from tests.builders import PATHS, Walk, a_case
from tests.cast import NOW, City

S = CaseState
Attempt = Callable[[Walk, Actor], Any]
LATER = NOW + timedelta(days=40)


def _close_by_clock(walk: Walk, actor: Actor) -> None:
    # Only the portal itself may do this; anybody else has no door to it.
    if actor is not SYSTEM:
        service.close(walk.db, LATER, actor, walk.filed.case_id)
        return
    if not timing.settle(walk.db, LATER, walk.filed.case_id):
        raise Refused("nothing_due")


def _close(walk: Walk, actor: Actor) -> None:
    service.close(walk.db, LATER, actor, walk.filed.case_id)


def _decide(walk: Walk, actor: Actor, upheld: bool) -> None:
    service.decide_objection(walk.db, walk.now, actor, walk.filed.case_id, upheld, "按职责分工")


def _refusal_upheld(walk: Walk, actor: Actor) -> None:
    service.object_to_refusal(walk.db, walk.now, walk.asker, walk.filed.case_id, "请再看看")
    service.decide_refusal_objection(walk.db, walk.now, actor, walk.filed.case_id, True, "予以受理")


def _answer_question(walk: Walk, actor: Actor) -> None:
    service.resume(walk.db, walk.now, actor, walk.filed.case_id)


def _answer(walk: Walk, actor: Actor) -> None:
    service.answer(
        walk.db, walk.now, actor, walk.filed.case_id, "说明如下", "explained", legal_ground="条例第三条"
    )


def _merge(walk: Walk, actor: Actor) -> None:
    other = a_case(walk.db, walk.city, "handling")
    service.merge(walk.db, walk.now, actor, walk.filed.case_id, other.case_id, "同一件事")


ATTEMPTS: dict[tuple[CaseState, CaseState], Attempt] = {
    (S.SUBMITTED, S.SCREENED): lambda w, a: service.screen(
        w.db, w.now, a, w.filed.case_id, kind="help", category_id=1, area_id=1
    ),
    (S.SUBMITTED, S.WITHDRAWN): lambda w, a: service.withdraw(w.db, w.now, a, w.filed.case_id, "不用了"),
    (S.SCREENED, S.NOT_ACCEPTED): lambda w, a: service.not_accept(
        w.db, w.now, a, w.filed.case_id, "untrue", "经核实不属实"
    ),
    (S.SCREENED, S.MERGED): _merge,
    (S.SCREENED, S.ASSIGNED): lambda w, a: service.assign(
        w.db, w.now, a, w.filed.case_id, w.city.unit("housing")
    ),
    (S.NOT_ACCEPTED, S.SCREENED): _refusal_upheld,
    (S.MERGED, S.SCREENED): lambda w, a: service.undo_merge(w.db, w.now, a, w.filed.case_id, "并错了"),
    (S.ASSIGNED, S.OBJECTED): lambda w, a: service.object_to_assignment(
        w.db, w.now, a, w.filed.case_id, "不归我们管", w.city.unit("roads")
    ),
    (S.ASSIGNED, S.ACCEPTED): lambda w, a: service.accept(w.db, w.now, a, w.filed.case_id),
    (S.OBJECTED, S.ASSIGNED): lambda w, a: _decide(w, a, True),
    (S.OBJECTED, S.ACCEPTED): lambda w, a: _decide(w, a, False),
    (S.ACCEPTED, S.HANDLING): lambda w, a: service.start(w.db, w.now, a, w.filed.case_id),
    (S.HANDLING, S.WAITING_ASKER): lambda w, a: service.ask_asker(
        w.db, w.now, a, w.filed.case_id, "哪一盏？"
    ),
    (S.HANDLING, S.WAITING_EXTERNAL): lambda w, a: service.wait_external(
        w.db, w.now, a, w.filed.case_id, "等停电许可"
    ),
    (S.HANDLING, S.ANSWERED): _answer,
    (S.HANDLING, S.ASSIGNED): lambda w, a: service.reroute(
        w.db, w.now, a, w.filed.case_id, w.city.unit("roads"), reason="职责调整"
    ),
    (S.WAITING_ASKER, S.HANDLING): _answer_question,
    (S.WAITING_ASKER, S.CLOSED): _close_by_clock,
    (S.WAITING_EXTERNAL, S.HANDLING): lambda w, a: service.resume(w.db, w.now, a, w.filed.case_id),
    (S.ANSWERED, S.CLOSED): _close,
    (S.ANSWERED, S.REOPEN_REQUESTED): lambda w, a: service.request_reopening(
        w.db, w.now, a, w.filed.case_id, "没有解决"
    ),
    (S.REOPEN_REQUESTED, S.HANDLING): lambda w, a: service.decide_reopening(
        w.db, w.now, a, w.filed.case_id, True, "确未解决"
    ),
    (S.REOPEN_REQUESTED, S.CLOSED): lambda w, a: service.decide_reopening(
        w.db, w.now, a, w.filed.case_id, False, "已按规定办理"
    ),
}
ATTEMPTS |= {
    (source, S.WITHDRAWN): ATTEMPTS[S.SUBMITTED, S.WITHDRAWN]
    for source in (S.SCREENED, S.ACCEPTED, S.HANDLING)
}
ATTEMPTS[S.CLOSED, S.REOPEN_REQUESTED] = ATTEMPTS[S.ANSWERED, S.REOPEN_REQUESTED]

OFFICE = ("mei", "nuo")
NOT_OFFICE = ("lin", "hou", "qiao", "he", "an", "ji", "wu", "public", "stranger")
UNIT = ("lin", "hou")
NOT_UNIT = ("shui", "qiao", "lu", "su", "he", "an", "ji", "wu", "public", "stranger")
MAY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "case.screen": (OFFICE, NOT_OFFICE),
    "case.decline": (OFFICE, NOT_OFFICE),
    # Mei declined, so another decides.
    "case.uphold_objection": (("nuo",), ("mei", *NOT_OFFICE)),
    "case.merge": (OFFICE, NOT_OFFICE),
    "case.assign": (OFFICE, NOT_OFFICE),
    "case.object": (UNIT, ("mei", *NOT_UNIT)),
    "case.accept": (UNIT, ("mei", *NOT_UNIT)),
    "case.decide_objection": (OFFICE, ("su", *NOT_OFFICE)),
    "case.handle": (("mei", *UNIT), NOT_UNIT),
    "case.answer": (UNIT, ("mei", *NOT_UNIT)),
    "case.close": (OFFICE, NOT_OFFICE),
    "case.request_reopening": (("mei", "su", "ke", "asker"), ("lin", "hou", "qiao", "he", "an", "stranger")),
    "case.decide_reopening": (("mei", "su"), ("lin", "hou", "qiao", "he", "an", "asker", "stranger")),
    "case.withdraw": (("mei", "asker"), ("lin", "su", "an", "stranger")),
}


def _actor(walk: Walk, key: str) -> Actor:
    if key == "asker":
        return walk.asker
    return {"public": PUBLIC, "system": SYSTEM}.get(key) or walk.by(key)


class _Undo(Exception):
    """Takes a try back, so that the next person finds the case as it was."""


MOVES = [pytest.param(move, id=f"{move.source}-{move.target}") for move in TRANSITIONS]


@pytest.mark.parametrize("move", MOVES)
def test_whoever_may_makes_the_move(database: Database, city: City, move: Transition) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, move.source, closing="explained")
    for key in (*MAY[move.permission][0], "system"):
        if key == "system" and move.target is S.OBJECTED:
            continue  # an objection is a person's
        with contextlib.suppress(_Undo), database.transaction() as db:
            walk = Walk(db, city, NOW, filed, closing="explained")
            ATTEMPTS[move.source, move.target](walk, _actor(walk, key))
            assert db.get_one(Case, filed.case_id).state == move.target, key
            last = db.scalars(
                select(HistoryEntry)
                .where(HistoryEntry.case_id == filed.case_id, HistoryEntry.target.is_not(None))
                .order_by(HistoryEntry.id.desc())
            ).first()
            assert last is not None
            assert (last.source, last.target) == (move.source, move.target)
            raise _Undo


@pytest.mark.parametrize("move", MOVES)
def test_whoever_may_not_changes_nothing(database: Database, city: City, move: Transition) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, move.source, closing="explained")
        other = a_case(db, city)
    for key in MAY[move.permission][1]:
        with pytest.raises(PortalError) as refused, database.transaction() as db:
            walk = Walk(db, city, NOW, filed, closing="explained")
            actor = asker(other.appeal_id) if key == "stranger" else _actor(walk, key)
            ATTEMPTS[move.source, move.target](walk, actor)
        second = refused.value.code == "second_person_required"
        assert isinstance(refused.value, Forbidden | NotFound) or second, key
        with database.reading() as db:
            assert db.get_one(Case, filed.case_id).state == move.source, key


def test_every_move_of_the_table_is_tried() -> None:
    assert set(ATTEMPTS) == {(move.source, move.target) for move in TRANSITIONS}


IMPOSSIBLE = [
    (source, target) for source in CaseState for target in CaseState if (source, target) not in ATTEMPTS
]


@pytest.mark.parametrize("source", PATHS)
def test_no_other_move_exists_and_a_refusal_says_from_and_to(
    database: Database, city: City, source: str
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, source)
    targets = [target for found, target in IMPOSSIBLE if found == source]
    for target in targets:
        with pytest.raises(Refused) as refused, database.transaction() as db:
            moves.move(db, NOW, SYSTEM, moves.load(db, filed.case_id), target, Act.CLOSED, reason="不行")
        assert refused.value.code == "no_such_move"
        assert refused.value.params == {"source": source, "target": target}
    with database.reading() as db:
        assert db.get_one(Case, filed.case_id).state == source


@pytest.mark.slow
@pytest.mark.parametrize("state", PATHS)
def test_a_service_called_in_the_wrong_state_changes_nothing(
    database: Database, city: City, state: str
) -> None:
    """Each service that moves a case, in each state from which it does not lead anywhere."""
    with database.transaction() as db:
        filed = a_case(db, city, state)
        before = db.scalar(select(func.count()).select_from(HistoryEntry))
    reachable = {ATTEMPTS[pair] for pair in ATTEMPTS if pair[0] == state}
    for (_, target), attempt in ATTEMPTS.items():
        if attempt in reachable or _same_service(state, target):
            continue
        with pytest.raises(PortalError), database.transaction() as db:
            attempt(Walk(db, city, NOW, filed), SYSTEM)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(HistoryEntry)) == before
        assert db.get_one(Case, filed.case_id).state == state


def _same_service(state: str, target: CaseState) -> bool:
    """`close` and `resume` lead from several states by one service."""
    return (state in ("waiting_asker", "waiting_external") and target is S.HANDLING) or (
        state in ("answered", "waiting_asker", "waiting_external") and target is S.CLOSED
    )
