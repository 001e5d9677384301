"""Kinds and states of an outcome, and how it may move on (domain, section 5: two persons for what is public)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from portal.kernel.errors import Refused
from portal.kernel.words import N_


class OutcomeKind(StrEnum):
    """What stays."""

    PROCEDURE_IMPROVED = "procedure_improved"
    LEGACY_SETTLED = "legacy_settled"
    CROSS_UNIT_SETTLED = "cross_unit_settled"
    RULE_ISSUED = "rule_issued"


class OutcomeState(StrEnum):
    """Where an outcome stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_S = OutcomeState
MOVES: Mapping[OutcomeState, frozenset[OutcomeState]] = MappingProxyType(
    {
        _S.DRAFT: frozenset({_S.PROPOSED}),
        _S.PROPOSED: frozenset({_S.DRAFT, _S.PUBLISHED}),
        _S.PUBLISHED: frozenset({_S.WITHDRAWN}),
        _S.WITHDRAWN: frozenset(),
    }
)
"""Nothing leads back from published: a published outcome is corrected by a new one."""


def check(source: OutcomeState, target: OutcomeState) -> None:
    """Refuse a move that the table does not hold."""
    if target not in MOVES[source]:
        raise Refused("no_such_move", N_("This outcome is not where you left it. Look at it again."))
