"""Use cases of outcomes: writing, linking cases, deciding, publishing."""

from portal.outcomes.service.deciding import approve, send_back, take_back
from portal.outcomes.service.publishing import correct, withdraw
from portal.outcomes.service.writing import Words, discard, draft, edit, propose

__all__ = [
    "Words",
    "approve",
    "correct",
    "discard",
    "draft",
    "edit",
    "propose",
    "send_back",
    "take_back",
    "withdraw",
]
