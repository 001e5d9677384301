"""Use cases of alerts: telling, reading, choosing, following, and what becomes of a delivery."""

from portal.alerts.service.choosing import choose, set_hours
from portal.alerts.service.following import (
    Follow,
    confirm,
    confirmable,
    follow,
    forget_unconfirmed,
    leave,
    opened,
    token_of,
)
from portal.alerts.service.posting import Post, claim, note_failed, note_sent, retry, retry_all
from portal.alerts.service.reading import mark_all_read, mark_read
from portal.alerts.service.telling import is_silent, silence, tell, tell_followers

__all__ = [
    "Follow",
    "Post",
    "choose",
    "claim",
    "confirm",
    "confirmable",
    "follow",
    "forget_unconfirmed",
    "is_silent",
    "leave",
    "mark_all_read",
    "mark_read",
    "note_failed",
    "note_sent",
    "opened",
    "retry",
    "retry_all",
    "set_hours",
    "silence",
    "tell",
    "tell_followers",
    "token_of",
]
