"""`portal check`: whether mails and texts can go out, and whether some did not."""

from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import parse_qs, urlsplit

from portal.alerts import queries
from portal.kernel import clock
from portal.kernel.db import Database
from portal.operations.findings import Finding
from portal.settings import Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def findings(settings: Settings) -> Iterator[Finding]:
    """What is set up; no server is called and no password shown."""
    yield _of_mail(settings)
    yield from _of_texts(settings)


def given_up(database: Database) -> int:
    """How many deliveries somebody should look into."""
    with database.reading() as db:
        return queries.outbox(db, clock.now())[1]


def _of_mail(settings: Settings) -> Finding:
    if not settings.mail_url:
        return Finding(
            "note", "mail", "PORTAL_MAIL_URL is not set: nothing is sent by mail, and nobody can follow"
        )
    parts = urlsplit(settings.mail_url)
    if parts.scheme == "file":
        level = "ok" if settings.demo else "note"
        return Finding(level, "mail", f"mails are written to files in {parts.path}; nothing is sent")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        return Finding(
            "fault", "mail", "PORTAL_MAIL_URL must be smtp://user:password@host:587, smtps://… or file:folder"
        )
    never = "never" in parse_qs(parts.query).get("tls", ())
    if never and parts.hostname not in LOOPBACK:
        return Finding(
            "fault",
            "mail",
            f"mails travel readable to {parts.hostname}: take ?tls=never out of PORTAL_MAIL_URL",
        )
    return Finding("ok", "mail", f"mails go out by {parts.hostname}; links in them begin {settings.base_url}")


def _of_texts(settings: Settings) -> Iterator[Finding]:
    if not settings.alert_urls:
        yield Finding("note", "texts", "PORTAL_ALERT_URLS is not set: no text message is sent")
    elif not any("{phone}" in url for url in settings.alert_urls):
        yield Finding("fault", "texts", "no address in PORTAL_ALERT_URLS has {phone} in the number's place")
    elif find_spec("apprise") is None:
        yield Finding("fault", "texts", "PORTAL_ALERT_URLS needs Apprise: pip install '.[grown]'")
    else:
        yield Finding("ok", "texts", "text messages go out by a gateway")
