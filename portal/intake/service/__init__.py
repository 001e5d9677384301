"""Use cases of coming in: what is still being written, and sending it."""

from portal.intake.service.drafts import discard_draft, keep_draft, purge_drafts, stage, unstage
from portal.intake.service.submitting import Given, submit

__all__ = ["Given", "discard_draft", "keep_draft", "purge_drafts", "stage", "submit", "unstage"]
