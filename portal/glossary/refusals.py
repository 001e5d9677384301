"""What a rule says when it refuses: code → message id. Named holes are filled by the web floor with labels and dates."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.kernel.words import N_

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "no_such_move": N_("A case that is “%(source)s” cannot become “%(target)s”."),
        "move_used_up": N_(
            "This case has already gone from “%(source)s” to “%(target)s” once; it may not again."
        ),
        "reason_required": N_("Say why: this needs a reason."),
        "proposed_unit_required": N_("Propose the unit that is responsible, other than your own."),
        "extension_used_up": N_("More time was already granted once; it may not be granted again."),
        "extension_too_late": N_("More time must be asked for before the due date, %(due)s."),
        "extension_not_later": N_("The proposed date must be after the due date, %(due)s."),
        "second_person_required": N_("Another person has to decide this."),
    }
)
