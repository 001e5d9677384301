"""The post: every few seconds what is due goes out, each parcel noted in a transaction of its own."""

from datetime import datetime, timedelta

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from portal.alerts import composing, queries, service
from portal.alerts.recipients import Address, address_of
from portal.alerts.rules import Way
from portal.alerts.senders import NotSent, Ways, ways
from portal.alerts.service import Post
from portal.alerts.service.posting import NOTHING_TO_SEND
from portal.kernel import jobs
from portal.kernel.db import Database
from portal.settings import LOCALES, Settings

log = structlog.get_logger(__name__)
NAME, FORGET = "alerts.post", "alerts.forget"
AT_ONCE = 50


def register(app: Flask) -> None:
    """Put the post on the timetable."""

    def work(database: Database, now: datetime) -> str | None:
        with app.app_context():
            return run(database, now, app.extensions["portal_settings"])

    jobs.register(NAME, timedelta(seconds=5), work)
    jobs.register(FORGET, timedelta(hours=6), forget)


def forget(database: Database, now: datetime) -> str:
    """Let go of addresses that nobody confirmed."""
    with database.transaction() as db:
        return str(service.forget_unconfirmed(db, now))


def run(database: Database, now: datetime, settings: Settings, by: Ways | None = None) -> str | None:
    """Send what is due; says how much went out. Reads first, so that an idle portal writes nothing."""
    with database.reading() as db:
        if not queries.is_anything_due(db, now):
            return None
    with database.transaction() as db:
        posts = service.claim(db, now, AT_ONCE)
    found = by or ways(settings)
    sent = sum(_send(database, now, settings, found, post) for post in posts)
    return jobs.AGAIN if len(posts) == AT_ONCE else f"{sent} of {len(posts)}"


def _send(database: Database, now: datetime, settings: Settings, by: Ways, post: Post) -> bool:
    trouble = ""
    for_good = False
    try:
        with database.reading() as db:
            _hand_over(db, now, settings, by, post)
    except NotSent as error:
        trouble, for_good = error.trouble, error.for_good
    with database.transaction() as db:
        if trouble:
            service.note_failed(db, now, post, trouble, for_good=for_good)
        else:
            service.note_sent(db, now, post)
    if trouble and trouble not in NOTHING_TO_SEND:
        log.warning("alert not sent", post=post.number, way=post.way.value, trouble=trouble)
    return not trouble


def _hand_over(db: Session, now: datetime, settings: Settings, by: Ways, post: Post) -> None:
    address = address_of(db, post.recipient)
    if address is None:
        raise NotSent("gone", for_good=True)
    way = _way(by, post, address)
    locale = address.locale if address.locale in LOCALES else settings.default_locale
    with composing.speaking(locale):
        parts = composing.drawn(db, now, post.alert_ids)
        if not parts:
            raise NotSent("out_of_sight", for_good=True)
        if way is Way.MAIL and by.mail:
            by.mail(composing.mail(settings, locale, now, post, address, parts))
        elif by.sms:
            by.sms(address.phone, composing.short_text(settings, locale, parts))


def _way(by: Ways, post: Post, address: Address) -> Way:
    """By mail or text as chosen; an asker without a mailbox is sent a text where that can be done."""
    if post.way is Way.MAIL and address.mail:
        if by.mail is None:
            raise NotSent("no_way", for_good=True)
        return Way.MAIL
    if address.phone and (post.way is Way.SMS or post.recipient.kind != "person"):
        if by.sms is None:
            raise NotSent("no_way", for_good=True)
        return Way.SMS
    raise NotSent("no_address", for_good=True)
