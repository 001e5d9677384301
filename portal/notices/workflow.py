"""The states of a notice and who may move it on (domain, section 5: two persons for everything published)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from portal.kernel.errors import Refused
from portal.kernel.words import N_


class NoticeKind(StrEnum):
    """What sort of notice; listings, circulars and assessment results are written by their own features."""

    ANNOUNCEMENT = "announcement"
    CONSULTATION = "consultation"
    RESULT = "result"


class NoticeState(StrEnum):
    """Where a notice stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_S = NoticeState
MOVES: Mapping[NoticeState, frozenset[NoticeState]] = MappingProxyType(
    {
        _S.DRAFT: frozenset({_S.PROPOSED}),
        _S.PROPOSED: frozenset({_S.DRAFT, _S.SCHEDULED}),
        _S.SCHEDULED: frozenset({_S.DRAFT, _S.PUBLISHED}),
        _S.PUBLISHED: frozenset({_S.WITHDRAWN}),
        _S.WITHDRAWN: frozenset(),
    }
)
"""Nothing leads back from published: a published notice is corrected by a new one."""


def check(source: NoticeState, target: NoticeState) -> None:
    """Refuse a move that the table does not hold."""
    if target not in MOVES[source]:
        raise Refused("no_such_move", N_("This notice is not where you left it. Look at it again."))
