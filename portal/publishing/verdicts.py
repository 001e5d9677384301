"""Why a case counts as solved and how it was rated, in the reader's words."""

from dataclasses import dataclass

from portal.cases.vocabulary import Rating, SatisfactionException
from portal.publishing.queries.page import CasePage
from portal.publishing.values import Gate
from portal.web.filters import term
from portal.web.words import _, ngettext

UNSAID = (SatisfactionException.NOT_RATED, SatisfactionException.REOPENING_REFUSED)
GATES = ("solved", "satisfied", "mechanism")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ratings of the present answer as the macro `rating` draws them."""

    satisfied: int
    rated: int
    levels: list[tuple[str, int]]


def verdict(case: CasePage) -> Verdict:
    """How many gave which level, best first."""
    levels = case.ratings.get("levels", {})
    satisfied = levels.get(Rating.VERY_SATISFIED, 0) + levels.get(Rating.SATISFIED, 0)
    return Verdict(
        satisfied,
        case.ratings.get("rated", 0),
        [(term(level, "rating"), levels.get(level, 0)) for level in Rating],
    )


def gates(case: CasePage) -> list[tuple[bool | None, str, str]]:
    """The three gates as the macro `gates` draws them."""
    found = [(name, case.gates.get(name, {})) for name in GATES]
    return [(_met(gate), term(name, "gate"), _words(name, gate, case)) for name, gate in found]


def _met(gate: Gate) -> bool | None:
    """A gate that only an exception on record opened is not drawn as if the asker were satisfied."""
    return None if gate.get("how") in UNSAID else gate.get("met")


def _words(name: str, gate: Gate, case: CasePage) -> str:
    count, how = gate.get("count"), gate.get("how", "")
    if name == "solved" and count:
        return ngettext("%(num)s piece of evidence", "%(num)s pieces of evidence", count)
    if name == "satisfied":
        found = verdict(case)
        if found.rated:
            return _("%(good)s of %(rated)s who rated are satisfied", good=found.satisfied, rated=found.rated)
        return (
            _("%(why)s; the exception is on record", why=term(how, "satisfaction_exception")) if how else ""
        )
    if how == "outcome":
        return _("Something stays, so that it does not happen again")
    return _("It was looked into; nothing had to change") if how == "not_needed" else ""
