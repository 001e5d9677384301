"""The ways out: SMTP, files for a demonstration, and whatever Apprise knows (SMS gateways, work chat).

A sender raises `NotSent`, which says whether trying again can help. What a server answered is never kept:
it may hold an address.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from portal.settings import Settings

PATIENCE_SECONDS = 20


class NotSent(Exception):
    """A message was not taken. `trouble` is a code; `for_good`: no later try will fare better."""

    def __init__(self, trouble: str, *, for_good: bool = False) -> None:
        super().__init__(trouble)
        self.trouble, self.for_good = trouble, for_good


MailSender = Callable[[EmailMessage], None]
TextSender = Callable[[str, str], None]
"""`(phone, text)`."""


@dataclass(frozen=True)
class Ways:
    """What this installation can send by; None: not set up."""

    mail: MailSender | None
    sms: TextSender | None


def ways(settings: Settings) -> Ways:
    """By the settings `MAIL_URL` and `ALERT_URLS`."""
    return Ways(
        mail_sender(settings.mail_url) if settings.mail_url else None,
        text_sender(settings.alert_urls) if any("{phone}" in url for url in settings.alert_urls) else None,
    )


def mail_sender(url: str) -> MailSender:
    """`smtp://user:password@host:587`, `smtps://…` or `file:folder`.

    With a password the connection must be encrypted. `?tls=never` is for a relay on the same machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _into_folder(Path(parts.path or parts.netloc))
    return lambda message: _by_smtp(url, message)


def _into_folder(folder: Path) -> MailSender:
    def keep(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        (folder / f"{name}.eml").write_bytes(message.as_bytes())

    return keep


def _by_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    maker = smtplib.SMTP_SSL if secure else smtplib.SMTP
    host, port = parts.hostname or "localhost", parts.port or (465 if secure else 25)
    try:
        with maker(host, port, timeout=PATIENCE_SECONDS) as server:
            if not secure and "never" not in parse_qs(parts.query).get("tls", ()):
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=ssl.create_default_context())
                elif parts.username:
                    raise NotSent("no_encryption")
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        raise NotSent("recipient_refused", for_good=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"smtp_{error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(type(error).__name__) from None


def text_sender(urls: tuple[str, ...]) -> TextSender:
    """Through the gateways among the Apprise addresses: those with `{phone}` in them."""
    gateways = [url for url in urls if "{phone}" in url]

    def send(phone: str, text: str) -> None:
        import apprise  # takes a third of a second to import

        sender = apprise.Apprise()
        if not all(sender.add(url.replace("{phone}", phone)) for url in gateways):
            raise NotSent("gateway_unknown")
        if not sender.notify(body=text):
            raise NotSent("gateway_refused")

    return send
