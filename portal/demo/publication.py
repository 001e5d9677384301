"""How a demonstration case is published: prepared by one moderator, released by a second."""

from collections.abc import Iterator
from datetime import datetime

from portal.demo.story import Story
from portal.publishing import service as publishing


def publish(story: Story) -> Iterator[datetime]:
    """Prepare, confirm what may stay, propose, and release."""
    public = story.demo.public
    if public is None or not story.demo.replies:
        return
    first = story.office()
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
