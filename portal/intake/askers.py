"""Who holds the query code of an appeal: a sealed cookie of that one appeal, for a short while.

The cookie's path is the appeal's own address, so that two appeals can be open side by side and no other page
is ever sent it. It says nothing to whoever reads it, and to the portal only which appeal its holder may see.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask import request
from werkzeug.wrappers import Response

from portal.identity.actors import Actor, asker
from portal.kernel import clock
from portal.kernel.keys import Unreadable, seal
from portal.web.database import settings

COOKIE = "asker"
LASTS = timedelta(hours=2)
"""Without a visit; every visit renews it."""
AT_MOST = timedelta(hours=12)
CODE_SHOWN_FOR = timedelta(hours=1)
LONGEST_COOKIE = 1000


@dataclass(frozen=True, slots=True)
class Pass:
    """The right to see one appeal, since when, and the fresh code as long as it is shown."""

    receipt: str
    appeal_id: int
    since: datetime
    until: datetime
    code: str = field(default="", repr=False)

    @property
    def actor(self) -> Actor:
        return asker(self.appeal_id)


def admit(response: Response, receipt: str, appeal_id: int, code: str = "") -> Response:
    """Let this browser see the appeal; `code` is given to whoever has just filed it."""
    now = clock.now()
    return _set(response, Pass(receipt, appeal_id, now, now + LASTS, code))


def renew(response: Response, held: Pass) -> Response:
    """A visit: the pass holds on, up to its longest time; the code is shown for a while only."""
    now = clock.now()
    code = held.code if now < held.since + CODE_SHOWN_FOR else ""
    return _set(response, replace(held, until=min(now + LASTS, held.since + AT_MOST), code=code))


def forget(response: Response, receipt: str) -> Response:
    """Take the pass away from this browser."""
    response.delete_cookie(COOKIE, path=_path(receipt), httponly=True, samesite="Lax")
    return response


def holder(receipt: str) -> Pass | None:
    """The pass of this request for this appeal, if it is one of ours and still holds."""
    sent = request.cookies.get(COOKIE, "")
    if not sent or len(sent) > LONGEST_COOKIE:
        return None
    try:
        kept = json.loads(settings().keys.unwrap(base64.urlsafe_b64decode(sent)))
    except (Unreadable, binascii.Error, ValueError):
        return None
    if kept.get("for") != COOKIE or kept["receipt"] != receipt:
        return None
    held = Pass(
        receipt,
        kept["appeal"],
        datetime.fromisoformat(kept["since"]),
        datetime.fromisoformat(kept["until"]),
        kept["code"],
    )
    return held if clock.now() < held.until else None


def _set(response: Response, held: Pass) -> Response:
    kept = {
        "for": COOKIE,
        "receipt": held.receipt,
        "appeal": held.appeal_id,
        "since": held.since.isoformat(),
        "until": held.until.isoformat(),
        "code": held.code,
    }
    here = settings()
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(seal(here.keys.data[0], json.dumps(kept).encode())).decode(),
        path=_path(held.receipt),
        httponly=True,
        samesite="Lax",
        secure=here.base_url.startswith("https://"),
    )
    return response


def _path(receipt: str) -> str:
    return f"/appeals/{receipt}"
