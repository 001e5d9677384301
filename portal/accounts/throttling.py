"""Limits of guessing that cannot lock a victim out.

Strangers share the tries of an account: however many addresses they come from, together they get a few in a
while. A browser that has signed in before carries a signed device mark and has tries of its own, which
strangers cannot use up. (Known as device cookies; a locked door only for those never let in.)
"""

import secrets
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from portal.web.guarding import forgive, throttle

COOKIE = "device"
LASTS = 400 * 24 * 3600


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")


def known_device(person_id: int) -> str | None:
    """The mark of this browser, if it has signed this person in before."""
    try:
        people: Any = _serializer().loads(request.cookies.get(COOKIE, "")[:2000])
    except BadSignature:
        return None
    mark = people.get(str(person_id)) if isinstance(people, dict) else None
    return mark if isinstance(mark, str) else None


def mark_device(person_id: int) -> str:
    """The cookie's new value: this browser has signed this person in (and up to seven others)."""
    try:
        people = dict(_serializer().loads(request.cookies.get(COOKIE, "")[:2000]))
    except (BadSignature, TypeError, ValueError):
        people = {}
    kept = dict(list((people | {str(person_id): secrets.token_urlsafe(9)}).items())[-8:])
    value = _serializer().dumps(kept)
    return value if isinstance(value, str) else value.decode()


def count_try(person_id: int | None, typed: str) -> None:
    """Count a try before the password is looked at; raises TooMany with the time to wait."""
    throttle("sign_in.network")
    device = known_device(person_id) if person_id is not None else None
    if device is not None:
        throttle("sign_in.device", device)
    else:
        # Names that belong to nobody are counted alike, so the limit does not tell them apart.
        throttle("sign_in.account", f"person:{person_id}" if person_id is not None else f"name:{typed}")


def forgive_tries(person_id: int) -> None:
    """The right password was given: the tries of this browser are forgotten, those of strangers are not."""
    device = known_device(person_id)
    if device is not None:
        forgive("sign_in.device", device)


def count_present(person_id: int | None) -> None:
    """Count a try of the present password by somebody who is signed in, before it is looked at."""
    throttle("sign_in.present", f"person:{person_id}")


def forgive_present(person_id: int | None) -> None:
    """It was right."""
    forgive("sign_in.present", f"person:{person_id}")
