"""Which acts the desk offers: for each the address, the words, the permission and the states it belongs to.

A table like that of the moves, for showing only: an act that is not offered here may still be tried, and is then
judged by the service. The first act of a state that moves the case on is its next step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from portal.cases.vocabulary import Tier
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.identity.policy import Subject, can
from portal.kernel.words import N_

_S = CaseState
_AT_UNIT = frozenset({_S.ACCEPTED, _S.HANDLING, _S.WAITING_ASKER, _S.WAITING_EXTERNAL})
_OPEN = frozenset(state for state in _S if state.is_open)


@dataclass(frozen=True, slots=True)
class Facts:
    """What else an offer may depend on, beside the state."""

    tier: Tier = Tier.FIRST_ASK
    refusal_objected: bool = False
    extension_asked_by: int | None = None
    """Who asked for more time, while that waits for a decision."""
    extended: bool = False
    clock_runs: bool = False
    live_appeals: int = 1
    open_parts: bool = False
    is_history: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """An act: the noun of its address, its label (message id), who may and when."""

    name: str
    label: str
    permissions: tuple[str, ...]
    states: frozenset[CaseState]
    next_step: bool = False
    """Moves the case on, so that it stands on top."""
    at_once: bool = False
    """Nothing has to be typed: a button does it."""

    @property
    def endpoint(self) -> str:
        """The name of its view."""
        return "case_desk." + self.name.replace("/", "_").replace("-", "_")


def _offer(
    name: str, label: str, permission: str | tuple[str, ...], *states: CaseState, **more: bool
) -> Offer:
    permissions = (permission,) if isinstance(permission, str) else permission
    return Offer(name, label, permissions, frozenset(states), **more)


DECIDES_OBJECTION = ("case.decide_objection", "case.decide_high_objection", "case.decide_bounce")
"""The office, its head, or after two bounces the parent unit; the service knows which."""

OFFERS: tuple[Offer, ...] = (
    _offer("screening", N_("Screen"), "case.screen", _S.SUBMITTED, next_step=True),
    _offer("assignment", N_("Assign"), "case.assign", _S.SCREENED, next_step=True),
    _offer("acceptance", N_("Accept"), "case.accept", _S.ASSIGNED, next_step=True, at_once=True),
    _offer("start", N_("Start work"), "case.handle", _S.ACCEPTED, next_step=True, at_once=True),
    _offer("reply", N_("Answer"), "case.answer", _S.HANDLING, next_step=True),
    _offer(
        "refusal/decision",
        N_("Decide on the asker's objection"),
        "case.uphold_objection",
        _S.NOT_ACCEPTED,
        next_step=True,
    ),
    _offer(
        "objection/decision", N_("Decide on the objection"), DECIDES_OBJECTION, _S.OBJECTED, next_step=True
    ),
    _offer(
        "reopening/decision",
        N_("Decide on reopening"),
        "case.decide_reopening",
        _S.REOPEN_REQUESTED,
        next_step=True,
    ),
    _offer(
        "resumption",
        N_("Resume work"),
        "case.handle",
        _S.WAITING_ASKER,
        _S.WAITING_EXTERNAL,
        next_step=True,
        at_once=True,
    ),
    _offer("closure", N_("Close"), "case.close", _S.ANSWERED, _S.WAITING_ASKER),
    _offer("extension/decision", N_("Decide on more time"), "case.extend_approve", *_OPEN),
    _offer("refusal", N_("Do not accept"), "case.decline", _S.SCREENED),
    _offer("objection", N_("Object"), "case.object", _S.ASSIGNED),
    _offer("handler", N_("Choose the handler"), "case.delegate", _S.ASSIGNED, *_AT_UNIT),
    _offer("questions", N_("Ask the asker"), "case.ask", _S.HANDLING),
    _offer("waiting", N_("Wait for others"), "case.handle", _S.HANDLING),
    _offer("evidence", N_("Add evidence"), "case.evidence", *_AT_UNIT, _S.ANSWERED, _S.REOPEN_REQUESTED),
    _offer("extension", N_("Ask for more time"), "case.extend_request", _S.ASSIGNED, *_AT_UNIT),
    _offer("notes", N_("Write a note"), "case.note", *_S),
    _offer("rerouting", N_("Re-route"), "case.assign", _S.HANDLING),
    _offer("plan", N_("Give the plan"), "case.handle", _S.ASSIGNED, *_AT_UNIT),
    _offer("tier", N_("Change the tier"), "case.tier", _S.SCREENED, _S.ASSIGNED, *_AT_UNIT),
    _offer("merge", N_("Merge"), "case.merge", _S.SCREENED),
    _offer("merge/undo", N_("Undo the merge"), "case.merge", _S.MERGED),
    _offer("split", N_("Split"), "case.split", _S.SUBMITTED, _S.SCREENED),
    _offer("call-back", N_("Call the asker back"), "case.call_back", _S.ANSWERED, _S.CLOSED),
    _offer("reopening", N_("Request reopening"), "case.request_reopening", _S.ANSWERED, _S.CLOSED),
    _offer(
        "withdrawal",
        N_("Withdraw for the asker"),
        "case.withdraw",
        _S.SUBMITTED,
        _S.SCREENED,
        _S.ACCEPTED,
        _S.HANDLING,
    ),
    _offer("concerns", N_("Note whom it complains about"), "case.screen", *_OPEN),
    _offer("erasure", N_("Erase the asker's words"), "appeal.erase", *_S),
)


def offers(actor: Actor, subject: Subject, state: CaseState, facts: Facts) -> list[Offer]:
    """What this person can do now, the next step first."""
    return [
        offer
        for offer in OFFERS
        if state in offer.states
        and any(can(actor, permission, subject) for permission in offer.permissions)
        and _fits(offer.name, facts, actor)
    ]


def _fits(name: str, facts: Facts, actor: Actor) -> bool:
    asked_by = facts.extension_asked_by
    if facts.is_history:
        return name in ("notes", "erasure")
    if name == "refusal/decision":
        return facts.refusal_objected
    if name == "plan":
        return facts.tier is Tier.ESCALATED
    if name == "extension":
        return facts.clock_runs and asked_by is None and not facts.extended
    if name == "extension/decision":
        return asked_by is not None and asked_by != actor.person_id
    return True


def next_step(offered: Iterable[Offer]) -> Offer | None:
    """What moves the case on, if this person can."""
    return next((offer for offer in offered if offer.next_step), None)


class Row(Protocol):
    """What a row of the worklist tells about a case."""

    @property
    def state(self) -> str: ...
    @property
    def refusal_objected(self) -> bool: ...
    @property
    def extension_asked_by(self) -> int | None: ...


def next_in_row(actor: Actor, row: Row) -> Offer | None:
    """The next step as a row of the worklist names it: by its state and what the person may somewhere."""
    fitting = [o for o in OFFERS if row.state in o.states and any(map(actor.has, o.permissions))]
    asked_by = row.extension_asked_by
    if asked_by is not None and asked_by != actor.person_id:
        more_time = next((o for o in fitting if o.name == "extension/decision"), None)
        if more_time:
            return more_time
    return next(
        (o for o in fitting if o.next_step and (row.refusal_objected or o.name != "refusal/decision")), None
    )
