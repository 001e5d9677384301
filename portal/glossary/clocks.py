"""Words about limits and clocks."""

from portal.glossary.terms import Term as _T
from portal.kernel.words import N_

STAGE = {
    "on_track": _T(N_("In time")),
    "due_soon": _T(N_("Due soon")),
    "overdue": _T(N_("Overdue")),
    "very_late": _T(N_("Very late"), N_("Overdue by more than the whole limit.")),
    "paused": _T(N_("Clock paused")),
    "stopped": _T(N_("Clock stopped")),
}
LIMIT_EVENT = {
    "screening": _T(N_("Screening")),
    "acceptance": _T(N_("Acceptance by the unit")),
    "objection": _T(N_("Decision on the objection")),
    "result": _T(N_("Answer")),
    "case": _T(N_("Answer")),
    "plan": _T(N_("Plan")),
    "asker_reply": _T(N_("More from the asker")),
    "external_reply": _T(N_("Somebody outside")),
    "rating": _T(N_("Rating")),
    "reopening": _T(N_("Decision on reopening")),
    "remedy": _T(N_("To be made good")),
    "slip": _T(N_("Assignment slip")),
    "session_plan": _T(N_("Plan after the session")),
    "right_of_reply": _T(N_("Right of reply")),
}
