"""Words about cases: states, kinds, tiers, reasons, gates."""

from portal.glossary.terms import Term as _T
from portal.kernel.words import N_

CASE_STATE = {
    "submitted": _T(N_("Submitted"), N_("The office has not yet looked at it.")),
    "screened": _T(N_("Screened"), N_("The office took it up and looks for the unit.")),
    "not_accepted": _T(
        N_("Not accepted"), N_("The office did not take it up and said why; the asker may object once.")
    ),
    "merged": _T(N_("Merged"), N_("Handled together with another case about the same matter.")),
    "assigned": _T(N_("Assigned"), N_("A unit has the order and accepts it or objects.")),
    "objected": _T(N_("Unit objects"), N_("The unit says it is another's matter; this is being decided.")),
    "accepted": _T(N_("Accepted by the unit"), N_("The unit has accepted the order.")),
    "handling": _T(N_("In progress"), N_("The unit is working on it.")),
    "waiting_asker": _T(
        N_("Waiting for the asker"), N_("The asker was asked for more; the clock stands still.")
    ),
    "waiting_external": _T(
        N_("Waiting for others"), N_("Somebody outside has to do something first; the clock stands still.")
    ),
    "answered": _T(N_("Answered"), N_("The unit has answered; the asker can rate it.")),
    "reopen_requested": _T(
        N_("Reopening requested"), N_("Somebody says it is not solved; this is being decided.")
    ),
    "closed": _T(N_("Closed"), N_("The case has ended; how is said beside it. Closed does not mean solved.")),
    "withdrawn": _T(N_("Withdrawn"), N_("The asker took it back.")),
}
APPEAL_KIND = {
    "enquiry": _T(N_("Enquiry"), N_("Somebody wants to know something.")),
    "suggestion": _T(N_("Suggestion"), N_("Somebody proposes something.")),
    "help": _T(N_("Request for help"), N_("Somebody needs something to be done.")),
    "complaint": _T(N_("Complaint"), N_("Somebody is not content with what was done or left undone.")),
    "report": _T(N_("Report of wrongdoing"), N_("Somebody reports a breach of rules.")),
}
PARTY_KIND = {
    "person": _T(N_("Person")),
    "company": _T(N_("Company")),
}
TIER = {
    "first_ask": _T(N_("First-asked"), N_("Ordinary: the first unit asked answers and sees it through.")),
    "escalated": _T(N_("Escalated"), N_("Hard: raised, with a plan in 48 hours and no bare “cannot”.")),
    "joint": _T(N_("Joint"), N_("Widespread: the first-asked unit leads, others do their parts.")),
}
NOT_ACCEPTED_REASON = {
    "outside_area": _T(N_("Outside this city"), N_("Another city or county is responsible.")),
    "other_legal_track": _T(
        N_("Another legal track"), N_("A court, arbitration or review has it or must have it.")
    ),
    "against_law": _T(N_("Against the law"), N_("What is asked for would break the law.")),
    "secrets_or_privacy": _T(
        N_("Secrets or privacy"), N_("It touches state or trade secrets or private life.")
    ),
    "untrue": _T(N_("Untrue"), N_("It was checked and what is said did not happen.")),
    "clearly_unreasonable": _T(N_("Clearly unreasonable"), N_("Nobody could reasonably ask for this.")),
    "held_unreasonable": _T(N_("Held unreasonable"), N_("A hearing found the wish unreasonable.")),
    "abusive": _T(N_("Abusive"), N_("It insults or threatens instead of asking.")),
}
CLOSING_KIND = {
    "solved": _T(N_("Solved"), N_("With evidence, a rating or exception, and the mechanism looked at.")),
    "explained": _T(N_("Explained"), N_("It cannot be done; the legal ground is named.")),
    "not_ours": _T(N_("Handed over"), N_("Not the city's matter; handed over with a receipt.")),
    "unreachable": _T(N_("Asker not reached"), N_("The asker did not give what was needed in time.")),
}
PAUSE_KIND = {
    "asker": _T(N_("Waiting for the asker")),
    "external": _T(N_("Waiting for others")),
}
PART_STATE = {
    "open": _T(N_("Not done yet")),
    "done": _T(N_("Done")),
    "waived": _T(N_("Waived"), N_("Not needed any more; the reason is on record.")),
}
PART = {
    "lead": _T(N_("Lead unit"), N_("Answers for the case.")),
    "supporting": _T(N_("Supporting unit"), N_("Does its own part of a joint case.")),
}
TURN = {
    "office": _T(N_("The office")),
    "unit": _T(N_("The unit")),
    "asker": _T(N_("The asker")),
    "outside": _T(N_("Somebody outside")),
    "nobody": _T(N_("Nobody")),
}
GATE = {
    "solved": _T(N_("The problem is solved"), N_("Add evidence that it is solved.")),
    "satisfied": _T(
        N_("The asker is satisfied"),
        N_("A rating that is not dissatisfied, or a recorded exception, is missing."),
    ),
    "mechanism": _T(N_("The mechanism is mended"), N_("Link an outcome, or say why none is needed.")),
    "parts": _T(
        N_("Every part is settled"), N_("Each supporting unit's part is done, or waived with a reason.")
    ),
    "rating_window": _T(N_("The rating is settled"), N_("The asker can still rate.")),
    "legal_ground": _T(N_("The legal ground is named"), N_("Name the legal ground.")),
    "handover_receipt": _T(N_("The hand-over is confirmed"), N_("Say who took it over, with their receipt.")),
}
DECIDER = {
    "office": _T(N_("The office")),
    "parent": _T(N_("The unit's parent unit")),
    "head_of_office": _T(N_("The head of the office")),
}
LINK_KIND = {
    "opened": _T(N_("Opened for this appeal")),
    "merged": _T(N_("Joined from another case")),
    "split": _T(N_("One part of a mixed appeal")),
}
ATTACHMENT_KIND = {
    "appeal": _T(N_("From the asker")),
    "evidence": _T(N_("Evidence")),
}
