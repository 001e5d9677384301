"""What was done to an invented case, in order: its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState
from portal.demo.scale.made import Invented, Numbers, Row


@dataclass(frozen=True, slots=True)
class Done:
    """An act of the history before it is a row."""

    at: datetime
    act: Act
    source: CaseState | None = None
    target: CaseState | None = None
    by: int | None = None
    actor: str = "person"
    unit_id: int | None = None
    reason_code: str | None = None
    details: Row | None = None


def acts(made: Invented, numbers: Numbers) -> Iterator[Done]:
    """What was done, in order, as far as it was."""
    course, office, handler, unit = made.course, made.screener_id, made.handler_id, made.unit_id
    state = CaseState
    details: Row = {"channel_id": made.channel_id, "split_from": None}
    yield Done(course.opened, Act.FILED, None, state.SUBMITTED, actor="public", details=details)
    if course.screened:
        details = {"tier": made.tier, "kind": made.kind}
        yield Done(course.screened, Act.SCREENED, state.SUBMITTED, state.SCREENED, office, details=details)
    if course.declined:
        yield Done(
            course.declined,
            Act.NOT_ACCEPTED,
            state.SCREENED,
            state.NOT_ACCEPTED,
            office,
            reason_code=course.reason,
        )
    if course.withdrawn:
        yield Done(course.withdrawn, Act.WITHDRAWN, state.SCREENED, state.WITHDRAWN, actor="asker")
    if course.assigned:
        details = {"document_number": numbers.slip}
        yield Done(
            course.assigned,
            Act.ASSIGNED,
            state.SCREENED,
            state.ASSIGNED,
            office,
            unit_id=unit,
            details=details,
        )
        if made.is_joint:
            details = {"document_number": numbers.supporting_slip}
            yield Done(
                course.assigned,
                Act.SUPPORTING_ASSIGNED,
                by=office,
                unit_id=made.supporting_unit_id,
                details=details,
            )
    if course.accepted:
        yield Done(course.accepted, Act.ACCEPTED, state.ASSIGNED, state.ACCEPTED, handler, unit_id=unit)
    if course.started:
        yield Done(course.started, Act.STARTED, state.ACCEPTED, state.HANDLING, handler, unit_id=unit)
    yield from _end(made, numbers)


def _end(made: Invented, numbers: Numbers) -> Iterator[Done]:
    course, handler, unit = made.course, made.handler_id, made.unit_id
    state = CaseState
    if course.answered:
        if made.is_joint:
            details: Row = {"assignment_id": numbers.supporting}
            yield Done(
                course.answered, Act.PART_DONE, by=handler, unit_id=made.supporting_unit_id, details=details
            )
        if made.is_solved:
            details = {"attachment_ids": [numbers.attachment]}
            yield Done(course.answered, Act.EVIDENCE_ADDED, by=handler, unit_id=unit, details=details)
        details = {"reply_id": numbers.reply, "kind": made.closing.value}
        yield Done(
            course.answered,
            Act.ANSWERED,
            state.HANDLING,
            state.ANSWERED,
            handler,
            unit_id=unit,
            details=details,
        )
    if course.rated and course.level:
        details = {"rating_id": numbers.rating, "result": course.level.value}
        yield Done(course.rated, Act.RATED, actor="asker", unit_id=unit, details=details)
    if course.closed:
        exception = None if course.rated else "not_rated"
        details = {"kind": made.closing.value, "exception": exception if made.is_solved else None}
        yield Done(
            course.closed,
            Act.CLOSED,
            state.ANSWERED,
            state.CLOSED,
            actor="system",
            unit_id=unit,
            reason_code=made.closing.value,
            details=details,
        )


def history(made: Invented, numbers: Numbers) -> Iterator[Row]:
    """The history, oldest first."""
    for done in acts(made, numbers):
        yield {
            "case_id": numbers.case,
            "at": done.at,
            "act": done.act.value,
            "source": done.source.value if done.source else None,
            "target": done.target.value if done.target else None,
            "actor_kind": done.actor,
            "actor_id": done.by,
            "unit_id": done.unit_id,
            "reason_code": done.reason_code,
            "details": done.details or {},
        }
