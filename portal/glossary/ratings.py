"""Words about ratings."""

from portal.glossary.terms import Term as _T
from portal.kernel.words import N_

RATING = {
    "very_satisfied": _T(N_("Very satisfied")),
    "satisfied": _T(N_("Satisfied")),
    "neutral": _T(N_("Neither satisfied nor dissatisfied")),
    "dissatisfied": _T(N_("Dissatisfied")),
    "very_dissatisfied": _T(N_("Very dissatisfied")),
}
RATED = {
    "result": _T(N_("Result"), N_("Is the matter settled?")),
    "speed": _T(N_("Speed"), N_("Did it go fast enough?")),
    "attitude": _T(N_("Attitude"), N_("How was the asker treated?")),
    "overall": _T(N_("The office"), N_("How did the office do, all in all?")),
}
SATISFACTION_EXCEPTION = {
    "not_rated": _T(N_("Not rated"), N_("The asker did not rate within 14 days. That is not satisfied.")),
    "reopening_refused": _T(N_("Reopening refused"), N_("A person decided not to open the case again.")),
    "call_back_satisfied": _T(N_("Satisfied when called back"), N_("A third person asked the asker.")),
}
