"""When and by which way a message to one person goes out. Pure."""

from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from portal.kernel.words import N_

MOST_TRIES = 12
"""With the waits below: about two and a half days."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=12)


class Way(StrEnum):
    """How a message reaches somebody outside the portal."""

    MAIL = "mail"
    SMS = "sms"


class Mode(StrEnum):
    """When it does."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    OFF = "off"


class Group(StrEnum):
    """What people choose by: kinds of alerts that belong together."""

    WORK = "work"
    CLOCK = "clock"
    DECISIONS = "decisions"
    FOLLOWED = "followed"


STAFF_GROUPS = (Group.WORK, Group.CLOCK, Group.DECISIONS)
"""What the staff choose by; only the public follows."""
GROUP_WORDS: dict[Group, tuple[str, str]] = {
    Group.WORK: (N_("Your work"), N_("What is given to you, answered to you or sent back to you.")),
    Group.CLOCK: (N_("Deadlines"), N_("What is due soon or overdue.")),
    Group.DECISIONS: (N_("Decisions"), N_("What was decided about what you asked for or proposed.")),
    Group.FOLLOWED: (N_("Followed by the public"), N_("What people outside asked to be told.")),
}
"""Name and meaning."""


class State(StrEnum):
    """Where one delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


DEFAULTS: dict[tuple[Group, Way], Mode] = {
    (Group.WORK, Way.MAIL): Mode.AT_ONCE,
    (Group.CLOCK, Way.MAIL): Mode.AT_ONCE,
    (Group.DECISIONS, Way.MAIL): Mode.AT_ONCE,
    (Group.FOLLOWED, Way.MAIL): Mode.AT_ONCE,
    (Group.CLOCK, Way.SMS): Mode.AT_ONCE,
}
"""What somebody who chose nothing gets; whatever is not listed is off."""

QUIET_FROM, QUIET_TO, DIGEST_HOUR = 21, 7, 8


def after_quiet(moment: datetime, quiet_from: int, quiet_to: int, zone: tzinfo) -> datetime:
    """The moment itself, or the end of the quiet hours it falls in. Equal hours: there are none.

    Hours are whole local hours, 0 to 23; from 21 to 7 goes over midnight.
    """
    local = moment.astimezone(zone)
    hour = local.hour
    over_midnight = quiet_from > quiet_to
    if over_midnight:
        is_quiet = hour >= quiet_from or hour < quiet_to
    else:
        is_quiet = quiet_from <= hour < quiet_to
    if not is_quiet:
        return moment
    day = local.date() + timedelta(days=1 if over_midnight and hour >= quiet_from else 0)
    return datetime.combine(day, time(quiet_to), zone).astimezone(moment.tzinfo)


def next_digest(moment: datetime, hour: int, zone: tzinfo) -> datetime:
    """The next time that local hour begins, after `moment`."""
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=0 if local.time() < time(hour) else 1)
    return datetime.combine(day, time(hour), zone).astimezone(moment.tzinfo)


def next_try(now: datetime, tries: int) -> datetime | None:
    """When a delivery that failed for the `tries`-th time is tried again; None: it has been tried enough."""
    if tries >= MOST_TRIES:
        return None
    wait: timedelta = _FIRST_WAIT * 2 ** (tries - 1)
    return now + min(wait, _LONGEST_WAIT)


_TROUBLES = {
    "recipient_refused": N_("The mail server does not know this address, or does not take it."),
    "no_encryption": N_("The mail server offers no encryption, so the password was not sent."),
    "gateway_unknown": N_("An address of the gateway for texts is not understood: see PORTAL_ALERT_URLS."),
    "gateway_refused": N_("The gateway for texts did not take it."),
}


def trouble_words(code: str) -> tuple[str, dict[str, str]]:
    """Why a delivery failed, as a message and what fills its holes."""
    if code in _TROUBLES:
        return _TROUBLES[code], {}
    if code.startswith("smtp_"):
        return N_("The mail server refused it (code %(code)s)."), {"code": code.removeprefix("smtp_")}
    return N_("The mail server could not be reached (%(code)s)."), {"code": code or "?"}
