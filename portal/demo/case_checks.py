"""What must hold for each demonstration case: states, gates, days and personal data. Pure."""

from collections.abc import Iterator

from portal.cases.vocabulary import ClosingKind, PartState, Tier
from portal.cases.workflow import CaseState
from portal.demo.casework import DemoCase, DemoReply
from portal.demo.content import DemoCity
from portal.demo.dates import leftovers
from portal.demo.personal import found, is_fictional

RATING_WINDOW = 14
_S = CaseState
_BEFORE_ASSIGNMENT = frozenset({_S.SUBMITTED, _S.SCREENED, _S.NOT_ACCEPTED, _S.MERGED})
_OUTCOMES = {"procedure_improved", "legacy_settled", "rule_issued"}


def case_problems(city: DemoCity) -> Iterator[str]:
    """Every breach of every case, with its key."""
    for case in city.cases.values():
        for part in (_references, _state, _tier, _closing, _days, _texts, _personal, _publication):
            yield from (f"case {case.key}: {problem}" for problem in part(city, case))


def _references(city: DemoCity, case: DemoCase) -> Iterator[str]:
    for name, codes in (("category", city.categories), ("area", city.areas), ("channel", city.channels)):
        if getattr(case, name) not in codes:
            yield f"no {name} {getattr(case, name)}"
    if case.party not in city.citizens and case.party not in city.companies:
        yield f"no party {case.party}"
    if case.concerns and case.concerns not in city.units:
        yield f"concerns no unit {case.concerns}"
    asked = [case.lead, *case.supporting, *(objection.proposed for objection in case.objections)]
    for unit in filter(None, asked):
        if unit not in city.units or not city.units[unit].handles:
            yield f"no unit {unit} that takes cases"
        if unit == case.concerns:
            yield f"{unit} is complained about and must not see it"


def _state(city: DemoCity, case: DemoCase) -> Iterator[str]:
    state = case.state
    if bool(case.lead) == (state in _BEFORE_ASSIGNMENT) and state is not _S.WITHDRAWN:
        yield f"{state} with lead {case.lead!r}"
    if (state is _S.NOT_ACCEPTED) and not case.refusal:
        yield "not accepted without a reason"
    if (state is _S.WITHDRAWN) != bool(case.withdrawal):
        yield "withdrawn and withdrawal disagree"
    if (state is _S.MERGED) != bool(case.merged_into):
        yield "merged and merged_into disagree"
    if case.merged_into and city.cases[case.merged_into].state in _BEFORE_ASSIGNMENT:
        yield f"merged into {case.merged_into}, which nobody handles"
    if (state is _S.OBJECTED) != any(objection.upheld is None for objection in case.objections):
        yield "objected and its undecided objection disagree"
    if (state is _S.WAITING_EXTERNAL) != any(wait.until is None for wait in case.waits):
        yield "waiting for an outside party, or not"
    if state is _S.WAITING_ASKER and not _unanswered(case):
        yield "waits for the asker without a question"
    if (state in {_S.ANSWERED, _S.REOPEN_REQUESTED}) and not case.replies:
        yield "answered without a reply"
    yield from _last_reopening(case)


def _last_reopening(case: DemoCase) -> Iterator[str]:
    for reply in case.replies[:-1]:
        if not (reply.reopening and reply.reopening.granted):
            yield "a second reply without a reopening"
    last = case.replies[-1].reopening if case.replies else None
    if (case.state is _S.REOPEN_REQUESTED) != (last is not None and last.granted is None):
        yield "reopen_requested and the undecided reopening disagree"


def _tier(city: DemoCity, case: DemoCase) -> Iterator[str]:
    if case.tier is Tier.ESCALATED and not case.plan and case.state is not CaseState.ASSIGNED:
        yield "escalated without a plan"
    units = [part.unit for part in case.parts]
    if case.tier is Tier.JOINT and sorted(units) != sorted(case.supporting):
        yield "joint, and the parts are not those of the supporting units"
    if not set(units) <= set(case.supporting):
        yield "a part of a unit that does not support"
    if case.closing and any(part.state is PartState.OPEN for part in case.parts):
        yield "closed with an open part"


def _closing(city: DemoCity, case: DemoCase) -> Iterator[str]:
    if (case.state is _S.CLOSED) != bool(case.closing):
        yield "closed and closing kind disagree"
    if case.closing is ClosingKind.UNREACHABLE and (case.replies or not _unanswered(case)):
        yield "unreachable needs an unanswered question and no reply"
    for reply in case.replies:
        yield from _reply(reply)
    if case.closing and case.closing is not ClosingKind.UNREACHABLE:
        yield from _closed_on(case, case.replies[-1])
    if case.closing is ClosingKind.SOLVED and not _has_mechanism(case):
        yield "solved without a mechanism"


def _reply(reply: DemoReply) -> Iterator[str]:
    if reply.closing is ClosingKind.SOLVED and not reply.evidence:
        yield "solved without evidence"
    if reply.closing is ClosingKind.EXPLAINED and not reply.legal_ground:
        yield "explained without a legal ground"
    if reply.closing is ClosingKind.NOT_OURS and not reply.handed_to:
        yield "not ours without a receipt"
    if not 60 <= len(reply.text) <= 520:
        yield f"a reply of {len(reply.text)} characters"
    if reply.rating and not reply.day <= reply.rating.day <= reply.day + RATING_WINDOW:
        yield "rated outside the window"
    if reply.rating and reply.rating.result.is_dissatisfied and reply.rating.comment and not reply.reopening:
        yield "dissatisfied in words, and no reopening to decide about"


def _closed_on(case: DemoCase, last: DemoReply) -> Iterator[str]:
    if last.closing is not case.closing:
        yield f"closed as {case.closing}, answered as {last.closing}"
    if not last.rating and case.days_ago <= last.day + RATING_WINDOW:
        yield "closed before the rating window is over"
    if last.reopening and last.reopening.granted is not False:
        yield "closed, though a reopening is not refused"


def _has_mechanism(case: DemoCase) -> bool:
    found_one = case.mechanism
    if found_one is None:
        return False
    return (found_one.kind in _OUTCOMES and bool(found_one.outcome)) != bool(found_one.not_needed)


def _unanswered(case: DemoCase) -> bool:
    return bool(case.questions) and case.questions[-1].answer_day is None


def _days(city: DemoCity, case: DemoCase) -> Iterator[str]:
    if not 0 <= case.days_ago <= 200:
        yield f"{case.days_ago} days ago"
    late = [day for day in _all_days(case) if not 0 <= day <= case.days_ago]
    if late:
        yield f"something on day {late[0]} of {case.days_ago}"
    replies = [reply.day for reply in case.replies]
    if replies != sorted(replies):
        yield "replies out of order"


def _all_days(case: DemoCase) -> Iterator[int]:
    single = (case.refusal, case.withdrawal, case.extension)
    for thing in (*single, *case.objections, *case.questions, *case.waits, *case.notes, *case.replies):
        if thing:
            yield thing.day
    yield from (question.answer_day for question in case.questions if question.answer_day is not None)
    yield from (wait.until for wait in case.waits if wait.until is not None)
    yield from (part.day for part in case.parts if part.day is not None)
    for reply in case.replies:
        yield from (thing.day for thing in (reply.rating, reply.reopening) if thing)


def _texts(city: DemoCity, case: DemoCase) -> Iterator[str]:
    if not 6 <= len(case.title) <= 40:
        yield f"a title of {len(case.title)} characters"
    if not 50 <= len(case.text) <= 2000:
        yield f"a text of {len(case.text)} characters"
    if any(leftovers(text) for text in _all_texts(case)):
        yield "a brace that is no placeholder"


def _all_texts(case: DemoCase) -> Iterator[str]:
    yield from (case.title, case.text, case.plan)
    yield from (note.text for note in case.notes)
    yield from (question.text for question in case.questions)
    yield from (part.text for part in case.parts)
    yield from (reply.text for reply in case.replies)
    yield from (wait.reason for wait in case.waits)
    yield from (objection.reason for objection in case.objections)
    yield case.refusal.text if case.refusal else ""
    yield case.public.text if case.public else ""
    if case.extension:
        yield case.extension.reason


def _personal(city: DemoCity, case: DemoCase) -> Iterator[str]:
    """What the text holds is declared, and everything that looks personal is invented."""
    hits = found(" ".join((case.title, case.text, case.place)))
    for kind in ("phone", "id_number", "plate"):
        if (kind in case.personal) != bool(hits[kind]):
            yield f"{kind}: declared and found disagree"
    citizen = city.citizens.get(case.party)
    if citizen and citizen.name in case.text and "name" not in case.personal:
        yield "the asker's name stands in the text and is not declared"
    yield from (f"{hit} may be real" for kind in hits for hit in hits[kind] if not is_fictional(kind, hit))


def _publication(city: DemoCity, case: DemoCase) -> Iterator[str]:
    if case.public and not case.consent:
        yield "published without consent"
    if case.closing and case.consent and not case.public:
        yield "closed with consent, and not published"
    if not case.public:
        return
    last = case.replies[-1].text if case.replies else ""
    shown = " ".join((case.public.title, case.public.text, case.public.reply or last))
    if any(found(shown).values()):
        yield "personal data in the published text"
    citizen = city.citizens.get(case.party)
    if citizen and citizen.name in shown:
        yield "the asker's name in the published text"
