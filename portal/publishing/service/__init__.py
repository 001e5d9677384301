"""Use cases of publishing: drafts and their review, release by two persons, correction, withdrawal.

What flows by itself (state, dates, reopening) is in `projecting`; the public counters are in `counting`.
"""

from portal.publishing.service.counting import rebuild_counts
from portal.publishing.service.drafting import (
    drop,
    mask,
    propose,
    return_release,
    save_draft,
    start_correction,
    start_release,
)
from portal.publishing.service.projecting import flow
from portal.publishing.service.releasing import release, withdraw, withdraw_erased
from portal.publishing.service.reviewing import Suspected, undecided

__all__ = [
    "Suspected",
    "drop",
    "flow",
    "mask",
    "propose",
    "rebuild_counts",
    "release",
    "return_release",
    "save_draft",
    "start_correction",
    "start_release",
    "undecided",
    "withdraw",
    "withdraw_erased",
]
