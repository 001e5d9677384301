"""Words of alerts, in their reader's language: a title for the portal, a mail or a short text for outside."""

import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import g
from flask_babel import refresh
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts.kinds import Recipient, Told, kind_of
from portal.alerts.models import Alert
from portal.alerts.recipients import Address
from portal.alerts.service.following import CONFIRM, token_of
from portal.alerts.service.posting import Post
from portal.settings import Settings
from portal.web.rendering import partial
from portal.web.words import _


class _AsItIs(UnstructuredHeader, BaseHeader):
    """On one line and never encoded: an address that a mail program is to open (RFC 2369)."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _AsItIs)
_POLICY = EmailPolicy(header_factory=_headers)


@dataclass(frozen=True)
class Drawn:
    """One alert in words. `path` leads to what it is about; `about` is for the portal's own pages only, as it may
    hold what people wrote."""

    title: str
    text: str
    path: str
    about: str = ""
    kind: str = ""


def draw(db: Session, now: datetime, alert: Alert) -> Drawn | None:
    """In the language of this context; None when its reader may no longer see what it is about."""
    kind = kind_of(alert.kind)
    if kind is None:
        return None
    recipient = Recipient(alert.recipient_kind, alert.recipient_id)
    told = Told(alert.kind, alert.subject_id, recipient, alert.data, alert.made_at)
    context = kind.load(db, now, told)
    if context is None:
        return None
    title, _sep, text = partial(kind.template, told=told, **context).strip().partition("\n")
    return Drawn(title.strip(), text.strip(), context["path"], context.get("about", ""), alert.kind)


def drawn(db: Session, now: datetime, alert_ids: Iterable[int]) -> list[Drawn]:
    """What of these alerts can still be told."""
    alerts = db.scalars(select(Alert).where(Alert.id.in_(list(alert_ids))).order_by(Alert.id))
    return [found for alert in alerts if (found := draw(db, now, alert))]


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Everything inside is written in this language; needs an application context."""
    before = g.get("locale")
    g.locale = locale
    refresh()
    try:
        yield
    finally:
        g.locale = before
        refresh()


def mail(
    settings: Settings, locale: str, now: datetime, post: Post, address: Address, parts: list[Drawn]
) -> EmailMessage:
    """One alert, or a digest of several, as a plain mail."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    site = _("%(city)s %(site)s", city=settings.city_name[locale], site=settings.site_name[locale])
    message = EmailMessage(_POLICY)
    message["Subject"] = parts[0].title if len(parts) == 1 else _("%(n)d updates", n=len(parts))
    sender = settings.mail_from or f"no-reply@{host}"
    user, _at, domain = sender.partition("@")
    message["From"] = MailAddress(site, user, domain)
    message["To"] = MailAddress(addr_spec=address.mail)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<alert-{post.number}-{_tag(settings, post)}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    leaving = _leaving(settings, post.recipient)
    if leaving:
        message["List-Unsubscribe"] = f"<{leaving}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(
        partial(
            "alerts/mail.txt",
            parts=parts,
            base=settings.base_url,
            site=site,
            recipient=post.recipient,
            leaving=leaving,
            asking=any(part.kind == CONFIRM for part in parts),
        )
    )
    return message


def short_text(settings: Settings, locale: str, parts: list[Drawn]) -> str:
    """For an SMS: the site's name and the titles, without links."""
    words = "; ".join(part.title for part in parts)
    text = f"【{settings.site_name[locale]}】{words}"
    return text if len(text) <= 200 else text[:199] + "…"


def _tag(settings: Settings, post: Post) -> str:
    """The same for every try of the same post, so that a mailbox knows a repeat; guessable by nobody."""
    text = f"post:{post.recipient.kind}:{post.number}".encode()
    return hmac.digest(settings.keys.codes, text, "sha256").hex()[:16]


def _leaving(settings: Settings, recipient: Recipient) -> str:
    if recipient.kind != "follower":
        return ""
    token = token_of(settings.keys.codes, recipient.id)
    return f"{settings.base_url}/follow/{recipient.id}/leave?token={token}"
