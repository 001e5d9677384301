"""The rows of one invented case in the tables of cases, as the services would have left them."""

from collections.abc import Iterator

from portal.cases.vocabulary import Tier
from portal.cases.workflow import CaseState
from portal.demo.scale.acts import acts
from portal.demo.scale.made import Invented, Numbers, Row

MECHANISM = "属个别情况，现有制度已有规定，已纳入日常检查。"
WAY_FORWARD = "已排入本季度计划，由分管负责人每周调度一次，办结前随时可以查询。"
PICTURES = ("处理后的现场", "完工照片", "整改前后对比", "验收记录")


def appeal(made: Invented, numbers: Numbers) -> Row:
    """The appeal; nobody was given a query code."""
    past, prints = made.prepared.appeal, made.prepared.prints
    return {
        "id": numbers.appeal,
        "receipt": numbers.receipt,
        "code_hash": None,
        "channel_id": made.channel_id,
        "kind": made.kind,
        "party_kind": made.party,
        "company_id": made.company_id,
        "category_id": made.category_id,
        "area_id": made.area_id,
        "consent_to_publish": made.consent,
        "occurred_at": made.course.opened,
        "received_at": made.course.opened,
        "is_history": False,
        "locale": past.locale,
        "same_body": prints.same_body,
        "likeness": prints.likeness,
    }


def case(made: Invented, numbers: Numbers) -> Row:
    """The case as its course has left it."""
    course, state = made.course, made.course.state
    running = course.answered is None and course.declined is None and course.withdrawn is None
    unit = made.unit_id if course.assigned else None
    return {
        "id": numbers.case,
        "ref": numbers.ref,
        "state": state.value,
        "tier": made.tier if course.screened else Tier.FIRST_ASK.value,
        "kind": made.kind,
        "party_kind": made.party,
        "category_id": made.category_id,
        "area_id": made.area_id,
        "channel_id": made.channel_id,
        "first_asked_unit_id": unit,
        "lead_unit_id": unit,
        "handler_id": made.handler_id if course.accepted else None,
        "reason_code": course.reason if state is CaseState.NOT_ACCEPTED else None,
        "closing_kind": made.closing.value if course.closed else None,
        "due_at": made.result.found.at if running else None,
        "due_day": made.result.found.day if running else None,
        "opened_at": course.opened,
        "answered_at": course.answered,
        "closed_at": course.closed,
        "rating_until": made.rating_until,
        "is_history": False,
        "bounces": 0,
        "version": 1 + sum(1 for _ in acts(made, numbers)),
        "updated_at": course.last,
    }


def assignments(made: Invented, numbers: Numbers) -> Iterator[Row]:
    """The order to the unit, and of a joint case that to the one that supports it."""
    course = made.course
    if course.assigned is None:
        return
    parts = [(numbers.assignment, made.unit_id, "lead", numbers.slip, "open")]
    if made.is_joint:
        done = "done" if course.answered else "open"
        parts.append(
            (numbers.supporting, made.supporting_unit_id or 0, "supporting", numbers.supporting_slip, done)
        )
    for number, unit_id, part, slip, state in parts:
        yield {
            "id": number,
            "case_id": numbers.case,
            "unit_id": unit_id,
            "part": part,
            "document_number": slip,
            "due_day": made.result.found.day,
            "made_at": course.assigned,
            "made_by_id": made.screener_id,
            "part_state": state,
        }


def reply(made: Invented, numbers: Numbers) -> Row:
    """The unit's answer."""
    return {
        "id": numbers.reply,
        "case_id": numbers.case,
        "unit_id": made.unit_id,
        "unit_name": "",
        "author_id": made.handler_id,
        "body": made.prepared.appeal.reply.body if made.prepared.appeal.reply else "",
        "closing_kind": made.closing.value,
        "legal_ground": made.case.legal_ground,
        "handed_to": "",
        "way_forward": WAY_FORWARD if made.tier == Tier.ESCALATED else "",
        "made_at": made.course.answered,
    }


def mechanism(made: Invented, numbers: Numbers) -> Row:
    """The third gate of what was solved."""
    return {
        "case_id": numbers.case,
        "outcome": "",
        "not_needed_because": MECHANISM,
        "made_at": made.course.answered,
        "made_by_id": made.handler_id,
    }


def attachment(made: Invented, numbers: Numbers) -> Row:
    """The evidence of what was solved; all show one of a few pictures."""
    return {
        "id": numbers.attachment,
        "case_id": numbers.case,
        "reply_id": numbers.reply,
        "kind": "evidence",
        "uploaded_by_id": made.handler_id,
        "made_at": made.course.answered,
        **(made.picture or {}),
    }


def rating(made: Invented, numbers: Numbers) -> Row:
    """The asker's judgement."""
    level = made.course.level.value if made.course.level else ""
    return {
        "id": numbers.rating,
        "case_id": numbers.case,
        "appeal_id": numbers.appeal,
        "reply_id": numbers.reply,
        "result": level,
        "speed": level,
        "attitude": level,
        "overall": None,
        "comment": "",
        "unit_network": False,
        "made_at": made.course.rated,
    }
