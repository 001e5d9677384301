"""Words about publication."""

from portal.glossary.terms import Term as _T
from portal.kernel.words import N_

RELEASE_STATE = {
    "draft": _T(N_("Draft")),
    "proposed": _T(N_("Waiting for a second person")),
    "released": _T(N_("Published")),
    "returned": _T(N_("Returned to be mended")),
    "dropped": _T(N_("Dropped")),
}

NOTICE_KIND = {
    "announcement": _T(N_("Announcement")),
    "consultation": _T(N_("Call for comments")),
    "result": _T(N_("Result")),
}

OUTCOME_KIND = {
    "procedure_improved": _T(N_("Procedure improved")),
    "legacy_settled": _T(N_("Legacy matter settled")),
    "cross_unit_settled": _T(N_("Cross-unit matter settled")),
    "rule_issued": _T(N_("Rule issued")),
}

OUTCOME_STATE = {
    "draft": _T(N_("Draft")),
    "proposed": _T(N_("Waiting for a second person")),
    "published": _T(N_("Published")),
    "withdrawn": _T(N_("Withdrawn")),
}
