"""What happens while a demonstration case is worked on: notes, questions, pauses, parts, replies, ratings."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.cases import service
from portal.cases.models import Case
from portal.cases.texts import AskerQuestion
from portal.cases.vocabulary import ClosingKind, PartState, Tier
from portal.cases.workflow import CaseState
from portal.demo.casework import (
    DemoCase,
    DemoExtension,
    DemoNote,
    DemoPart,
    DemoQuestion,
    DemoReply,
    DemoWait,
)
from portal.demo.story import Story, add_pictures, assignments
from portal.kernel.workdays import add_workdays, default_calendar

Episode = Callable[[Story], Iterator[datetime]]


def episodes(demo: DemoCase) -> list[tuple[int, int, Episode]]:
    """Everything with a day, as (day, order within the day, what happens)."""
    found: list[tuple[int, int, Episode]] = []
    if demo.plan:
        found.append((1, 0, lambda story: _plan(story)))
    found += [(note.day, 1, _bound(_note, note)) for note in demo.notes]
    found += [(question.day, 2, _bound(_question, question)) for question in demo.questions]
    found += [(wait.day, 2, _bound(_wait, wait)) for wait in demo.waits]
    if demo.extension is not None:
        found.append((demo.extension.day, 0, _bound(_extension, demo.extension)))
    found += [
        (part.day, 3, _bound(_part, part))
        for part in demo.parts
        if demo.tier is Tier.JOINT and part.day is not None and part.state is not PartState.OPEN
    ]
    found += [(reply.day, 4, _bound(_reply, reply)) for reply in demo.replies]
    return found


def _bound(act: Callable[..., Iterator[datetime]], what: object) -> Episode:
    return lambda story: act(story, what)


def _plan(story: Story) -> Iterator[datetime]:
    service.give_plan(
        story.db, story.at, story.official(story.demo.lead), story.case_id, story.words(story.demo.plan)
    )
    return iter(())


def _note(story: Story, note: DemoNote) -> Iterator[datetime]:
    actor = story.official(story.demo.lead)
    service.add_note(story.db, story.at, actor, story.case_id, story.words(note.text), note.for_asker)
    return iter(())


def _question(story: Story, question: DemoQuestion) -> Iterator[datetime]:
    actor = story.official(story.demo.lead)
    service.ask_asker(story.db, story.at, actor, story.case_id, story.words(question.text))
    if question.answer_day is not None:
        yield story.times.day(question.answer_day)
        asked = story.db.scalars(
            select(AskerQuestion.id).where(
                AskerQuestion.case_id == story.case_id, AskerQuestion.answered_at.is_(None)
            )
        ).one()
        service.answer_question(story.db, story.at, story.asker, asked, story.words(question.answer))
    elif question is not story.demo.questions[-1]:
        yield story.times.day(question.day + 6)
        service.resume(story.db, story.at, actor, story.case_id, "期限内未回音，再联系一次。")
    elif story.demo.closing is ClosingKind.UNREACHABLE:
        yield story.times.day(question.day + 9)
        service.close(story.db, story.at, story.office(), story.case_id, reason="三次联系未果，期限已过。")


def _wait(story: Story, wait: DemoWait) -> Iterator[datetime]:
    actor = story.official(story.demo.lead)
    service.wait_external(story.db, story.at, actor, story.case_id, story.words(wait.reason))
    if wait.until is not None:
        yield story.times.day(wait.until)
        service.resume(story.db, story.at, actor, story.case_id)


def _extension(story: Story, extension: DemoExtension) -> Iterator[datetime]:
    actor = story.official(story.demo.lead)
    due = story.db.get_one(Case, story.case_id).due_day
    if due is None:
        return
    proposed = add_workdays(default_calendar(), due, extension.workdays)
    asked = service.request_extension(
        story.db, story.at, actor, story.case_id, proposed, story.words(extension.reason)
    )
    if extension.approved is not None:
        yield story.times.soon(2)
        service.decide_extension(
            story.db, story.at, story.office(), asked.id, extension.approved, "情况属实，已告知诉求人。"
        )


def _part(story: Story, part: DemoPart) -> Iterator[datetime]:
    assignment = assignments(story.db, story.case_id)[story.stage.ids.units[part.unit]]
    actor = story.official(part.unit) if part.state is PartState.DONE else story.office()
    service.settle_part(story.db, story.at, actor, assignment, part.state, story.words(part.text))
    return iter(())


def _reply(story: Story, reply: DemoReply) -> Iterator[datetime]:
    demo, db, actor = story.demo, story.db, story.official(story.demo.lead)
    if CaseState(story.state()) is CaseState.ACCEPTED:
        service.start(db, story.at, actor, story.case_id)
    add_pictures(story, reply, actor)
    mechanism = demo.mechanism
    service.answer(
        db,
        story.at,
        actor,
        story.case_id,
        story.words(reply.text),
        reply.closing,
        legal_ground=reply.legal_ground,
        handed_to=reply.handed_to,
        way_forward=story.words(demo.plan),
        not_needed_because=_why_no_mechanism(story, reply),
        outcome=mechanism.outcome if mechanism else "",
    )
    if reply.rating is not None:
        rating = reply.rating
        yield story.times.day(rating.day)
        service.rate(
            db,
            story.at,
            story.asker,
            story.case_id,
            rating.result,
            rating.speed,
            rating.attitude,
            rating.overall,
            story.words(rating.comment),
        )
    if reply.reopening is not None:
        yield from _reopening(story, reply)
    elif demo.state is CaseState.CLOSED and reply is demo.replies[-1]:
        yield from _end(story, reply)


def _why_no_mechanism(story: Story, reply: DemoReply) -> str:
    if reply.closing is not ClosingKind.SOLVED:
        return ""
    mechanism = story.demo.mechanism
    if mechanism is None:
        return "属个别情况，现有制度已有规定，已纳入日常检查。"
    return mechanism.not_needed


def _reopening(story: Story, reply: DemoReply) -> Iterator[datetime]:
    wish = reply.reopening
    if wish is None:
        return
    db, asks = story.db, story.asker
    if wish.by != "asker":
        asks = story.stage.company.of("supervisor", story.demo.key)
    if CaseState(story.state()) is not CaseState.REOPEN_REQUESTED:
        yield story.times.day(wish.day)
        service.request_reopening(db, story.at, asks, story.case_id, story.words(wish.reason))
    if wish.granted is None:
        return
    yield story.times.day(wish.decided_day) if wish.decided_day is not None else story.times.soon(5)
    service.decide_reopening(
        db,
        story.at,
        story.office(but=asks),
        story.case_id,
        wish.granted,
        story.words(wish.decision) or "同意重新办理。",
    )


def _end(story: Story, reply: DemoReply) -> Iterator[datetime]:
    """Closed by the rating, by the clock when the window is over, or by the office."""
    if CaseState(story.state()) is CaseState.ANSWERED and reply.rating is None:
        until = story.db.get_one(Case, story.case_id).rating_until
        if until is not None and until < story.stage.now:
            yield until + timedelta(minutes=10)
            service.close(story.db, story.at, story.office(), story.case_id)
    if CaseState(story.state()) is CaseState.ANSWERED:
        yield story.times.soon(1)
        service.close(story.db, story.at, story.office(), story.case_id)
