"""Use cases of commitments, one module per ability; every door calls these and nothing else writes commitments.

Arguments `db`, `now`, `actor` first; errors are those of `portal.kernel.errors`.
"""

from portal.commitments.service.following import Picture, decline, erase, follow_up, show
from portal.commitments.service.making import Promise, agree, drop, make
from portal.commitments.service.proposing import Change, decide, propose_change, propose_end

__all__ = [
    "Change",
    "Picture",
    "Promise",
    "agree",
    "decide",
    "decline",
    "drop",
    "erase",
    "follow_up",
    "make",
    "propose_change",
    "propose_end",
    "show",
]
