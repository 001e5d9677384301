"""Mails and texts that did not go out: why, and trying again. No address and nobody's words."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration.desk import blueprint, done
from portal.administration.queries.record import record
from portal.alerts import queries, senders, service
from portal.alerts.kinds import kind_of
from portal.alerts.queries import PAGE, DeadLetter
from portal.alerts.rules import GROUP_WORDS, trouble_words
from portal.kernel import clock
from portal.web.access import current_actor, requires
from portal.web.addresses import row_number
from portal.web.database import reader, settings
from portal.web.filters import translated
from portal.web.rendering import page

LIST = "administration.dead_letters"


@blueprint.get("/post")
@requires("jobs.see")
def dead_letters() -> Response:
    """What was given up, newest first, and how much still waits."""
    db, before = reader(), row_number(request.args.get("before", ""))
    found = queries.dead_letters(db, before or None)
    ways = senders.ways(settings())
    return page(
        "administration/post.html",
        rows=[(letter, _about(letter), _trouble(letter)) for letter in found[:PAGE]],
        waiting=queries.waiting(db),
        has_mail=ways.mail is not None,
        has_sms=ways.sms is not None,
        first=not before,
        next_url=url_for(LIST, before=found[PAGE - 1].id) if len(found) > PAGE else None,
        first_url=url_for(LIST) if before else None,
        entries=record(db, "delivery", 0),
    )


@blueprint.post("/post/<int:delivery_id>/again")
@requires("jobs.see")
def try_again(delivery_id: int) -> Response:
    """Send one once more."""
    return done(
        lambda db: service.retry(db, clock.now(), current_actor(), delivery_id),
        _("It is tried again in a moment."),
        LIST,
    )


@blueprint.post("/post/again")
@requires("jobs.see")
def try_all_again() -> Response:
    """Send all of them once more: the reason is mended."""
    return done(
        lambda db: service.retry_all(db, clock.now(), current_actor()),
        _("They are tried again in a moment."),
        LIST,
    )


def _about(letter: DeadLetter) -> str:
    kind = kind_of(letter.kind)
    return translated(GROUP_WORDS[kind.group][0]) if kind else ""


def _trouble(letter: DeadLetter) -> str:
    words, holes = trouble_words(letter.trouble)
    return translated(words, **holes)
