"""Use cases of notices: writing, deciding, publishing."""

from portal.notices.service.deciding import approve, send_back, take_back
from portal.notices.service.publishing import correct, publish_due, withdraw
from portal.notices.service.writing import Words, discard, draft, edit, propose

__all__ = [
    "Words",
    "approve",
    "correct",
    "discard",
    "draft",
    "edit",
    "propose",
    "publish_due",
    "send_back",
    "take_back",
    "withdraw",
]
