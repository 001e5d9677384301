"""Use cases of the loop, one module per ability; every door calls these and nothing else writes cases.

Arguments `db`, `now`, `actor` first; errors are those of `portal.kernel.errors`.
"""

from portal.cases.service.answering import answer
from portal.cases.service.asker import (
    answer_question,
    appeal_by_code,
    object_to_refusal,
    question_by_token,
    rate,
    withdraw,
)
from portal.cases.service.assigning import accept, assign, delegate, reroute
from portal.cases.service.closing import call_back, close
from portal.cases.service.erasing import erase_appeal
from portal.cases.service.extending import decide_extension, request_extension
from portal.cases.service.filing import Contact, Filed, Filing, file_appeal, open_case
from portal.cases.service.handling import add_evidence, add_note, give_plan, start
from portal.cases.service.indexing import index_case
from portal.cases.service.joining import merge, split, undo_merge
from portal.cases.service.objecting import decide_objection, object_to_assignment
from portal.cases.service.reopening import decide_reopening, request_reopening
from portal.cases.service.screening import (
    count_due_again,
    decide_refusal_objection,
    name_concerned,
    not_accept,
    screen,
)
from portal.cases.service.tiers import set_tier, settle_part
from portal.cases.service.timing import close_due
from portal.cases.service.waiting import ask_asker, resume, wait_external

__all__ = [
    "Contact",
    "Filed",
    "Filing",
    "accept",
    "add_evidence",
    "add_note",
    "answer",
    "answer_question",
    "appeal_by_code",
    "ask_asker",
    "assign",
    "call_back",
    "close",
    "close_due",
    "count_due_again",
    "decide_extension",
    "decide_objection",
    "decide_refusal_objection",
    "decide_reopening",
    "delegate",
    "erase_appeal",
    "file_appeal",
    "give_plan",
    "index_case",
    "merge",
    "name_concerned",
    "not_accept",
    "object_to_assignment",
    "object_to_refusal",
    "open_case",
    "question_by_token",
    "rate",
    "request_extension",
    "request_reopening",
    "reroute",
    "resume",
    "screen",
    "set_tier",
    "settle_part",
    "split",
    "start",
    "undo_merge",
    "wait_external",
    "withdraw",
]
