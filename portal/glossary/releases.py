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
