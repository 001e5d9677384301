"""Use cases of coming in: what is still being written, and sending it."""

from portal.intake.service.drafts import keep_draft, purge_drafts, stage, unstage
from portal.intake.service.submitting import Given, submit

__all__ = ["Given", "keep_draft", "purge_drafts", "stage", "submit", "unstage"]
