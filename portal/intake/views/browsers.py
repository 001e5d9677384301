"""Which browser writes a draft, and when it was shown the form: from the signed form cookie."""

import re
import secrets
from hashlib import sha256

from flask import current_app, session
from itsdangerous import BadSignature, TimestampSigner

from portal.kernel import clock

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def browser() -> str:
    """A name for this browser that nobody else can give: its drafts and its appeals belong to it."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(18)
    return sha256(f"browser:{session['browser']}".encode()).hexdigest()


def forget_browser() -> None:
    """Somebody else sits down here: nobody finds what was written before by going back."""
    session.pop("browser", None)


def fresh_id() -> str:
    """An id for one form."""
    return secrets.token_urlsafe(12)


def is_id(text: str | None) -> bool:
    """Whether this can be a form's id."""
    return bool(text and _ID.fullmatch(text))


def opened_now(client_id: str) -> str:
    """A note, signed, of when the form was shown."""
    return _signer().sign(client_id).decode().removeprefix(client_id)


def seconds_open(client_id: str, opened: str) -> float:
    """How long the form was open; 0 when the note is not ours."""
    try:
        _, at = _signer().unsign(f"{client_id}{opened}", return_timestamp=True)
    except BadSignature:
        return 0.0
    return max((clock.now() - at).total_seconds(), 0.0)


class _Signer(TimestampSigner):
    """Signs by our own clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def _signer() -> TimestampSigner:
    return _Signer(str(current_app.secret_key), salt="form-opened")
