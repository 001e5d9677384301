"""Words about commitments."""

from portal.glossary.terms import Term as _T
from portal.kernel.words import N_

COMMITMENT_STATE = {
    "proposed": _T(
        N_("Waiting for a second person"), N_("Written down; it counts and is public once agreed to.")
    ),
    "dropped": _T(N_("Not agreed to"), N_("It was never made.")),
    "made": _T(N_("Promised")),
    "in_progress": _T(N_("Being carried out")),
    "kept": _T(N_("Kept"), N_("Done in time, with evidence, and confirmed by a second person.")),
    "kept_late": _T(
        N_("Kept late"), N_("Done after its day, with evidence, and confirmed by a second person.")
    ),
    "partly_kept": _T(N_("Partly kept"), N_("Some of it was done.")),
    "broken": _T(N_("Not kept"), N_("Its day is over and it was not done.")),
    "released": _T(N_("Released"), N_("Taken back, with a reason that everybody can read.")),
}
COMMITMENT_ACT = {
    "proposed": _T(N_("Written down")),
    "dropped": _T(N_("Not agreed to")),
    "made": _T(N_("Promised")),
    "followed_up": _T(N_("Follow-up written")),
    "follow_up_shown": _T(N_("Follow-up")),
    "follow_up_declined": _T(N_("Follow-up handed back")),
    "follow_up_erased": _T(N_("Follow-up erased")),
    "change_proposed": _T(N_("A change was proposed")),
    "change_agreed": _T(N_("Changed")),
    "change_refused": _T(N_("The change was refused")),
    "end_proposed": _T(N_("Reported as done; a second person checks")),
    "end_refused": _T(N_("Checked: not done yet")),
    "kept": _T(N_("Kept")),
    "kept_late": _T(N_("Kept late")),
    "partly_kept": _T(N_("Partly kept")),
    "broken": _T(N_("Not kept")),
    "released": _T(N_("Released")),
    "overdue": _T(N_("Overdue")),
    "very_late": _T(N_("Very late")),
}
COMMITMENT_WISH = {
    "change": _T(N_("Change the day or the words")),
    "kept": _T(N_("Kept"), N_("All of it is done; the evidence is in the follow-ups.")),
    "partly_kept": _T(N_("Partly kept"), N_("Some of it is done, and no more will be.")),
    "broken": _T(N_("Not kept"), N_("The day is over and it was not done.")),
    "released": _T(N_("Released"), N_("The promise is taken back; everybody reads why.")),
}
DROP_REASON = {
    "not_clear": _T(N_("Not clear enough to be checked")),
    "wrong_unit": _T(N_("Another unit or person has to promise it")),
    "personal_data": _T(N_("It holds personal data")),
    "twice": _T(N_("It has been promised already")),
    "taken_back": _T(N_("Taken back before anybody agreed")),
}
PICTURE_PART = {
    "before": _T(N_("Before")),
    "after": _T(N_("After")),
    "paper": _T(N_("Paper")),
}
