"""How a demonstration case is published: prepared by one moderator, released by a second."""

from collections.abc import Iterator
from datetime import datetime

from portal.cases.workflow import CaseState
from portal.demo.story import Story
from portal.demo.times import seed
from portal.identity.actors import Actor
from portal.publishing import service as publishing


def publish(story: Story) -> Iterator[datetime]:
    """Prepare, confirm what may stay, propose, and release."""
    public = story.demo.public
    first = story.office()
    if public is None and story.demo.consent and story.demo.state is CaseState.ANSWERED:
        yield from _under_review(story, first)
    if public is None or not story.demo.replies:
        return
    second = story.office(but=first)
    db = story.db
    yield story.times.soon(3)
    draft = publishing.start_release(db, story.at, first, story.case_id)
    publishing.save_draft(
        db,
        story.at,
        first,
        draft.id,
        title=story.words(public.title),
        body=story.words(public.text),
        reply=story.words(public.reply) if public.reply else draft.reply,
        mechanism=draft.mechanism,
    )
    confirmed: dict[str, list[str]] = {}
    for item in publishing.undecided(db, draft):
        confirmed.setdefault(item.field, []).append(item.key)
    publishing.save_draft(
        db,
        story.at,
        first,
        draft.id,
        title=draft.title,
        body=draft.body,
        reply=draft.reply,
        mechanism=draft.mechanism,
        confirmed=confirmed,
    )
    publishing.propose(db, story.at, first, draft.id)
    yield story.times.soon(4)
    publishing.release(db, story.at, second, draft.id)


def _under_review(story: Story, first: Actor) -> Iterator[datetime]:
    """What has been answered lately is still being prepared: a draft, a proposal, one handed back."""
    yield story.times.soon(2)
    draft = publishing.start_release(story.db, story.at, first, story.case_id)
    stage = seed(f"{story.demo.key}second") % 3
    if stage == 0 or publishing.undecided(story.db, draft):
        return
    publishing.propose(story.db, story.at, first, draft.id)
    if stage == 2:
        yield story.times.soon(2)
        second = story.office(but=first)
        publishing.return_release(
            story.db, story.at, second, draft.id, "标题太长，请改短；答复里的楼号请再核对一遍。"
        )
