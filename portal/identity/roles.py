"""Roles and what they permit. This is the only file that knows role names; everything else asks for permissions.

A permission is `subject.verb`. Scope says how far an appointment reaches: `office` everywhere,
`unit` the appointment's unit and the units below it.
"""

from dataclasses import dataclass

from portal.kernel.words import N_


@dataclass(frozen=True)
class Role:
    """A role, its label, its reach and its permissions."""

    code: str
    label: str
    scope: str
    permissions: frozenset[str]
    two_persons: bool = False
    """Nobody gives it alone (domain, section 5: the right to receive referrals)."""


_DESK = {"desk.use", "account.use"}
_READ_ALL = {"case.read", "commitment.read"}
_HANDLE = {
    "case.read",
    "case.accept",
    "case.object",
    "case.handle",
    "case.note",
    "case.ask",
    "case.answer",
    "case.evidence",
    "case.extend_request",
    "appeal.contact",
    "template.use",
    "commitment.read",
    "commitment.make",
    "commitment.follow_up",
    "commitment.propose_change",
}
# The second person: what everybody will read, and what is decided for or against a unit.
_SECOND = {
    "commitment.read",
    "commitment.publish",
    "commitment.decide_change",
    "commitment.confirm",
    "commitment.break",
    "commitment.release",
}
_MODERATE = {
    "case.read",
    "appeal.file",
    "appeal.contact",
    "appeal.erase",
    "case.screen",
    "case.decline",
    "case.uphold_objection",
    "case.assign",
    "case.decide_objection",
    "case.request_reopening",
    "case.decide_reopening",
    "case.handle",
    "case.merge",
    "case.split",
    "case.note",
    "case.ask",
    "case.close",
    "case.tier",
    "case.withdraw",
    "case.extend_approve",
    "publication.propose",
    "publication.release",
    "publication.correct",
    "publication.withdraw",
    "notice.draft",
    "notice.approve",
    "outcome.draft",
    "outcome.approve",
    "template.use",
    "template.edit",
    "rule.edit",
    "intake.import",
    "commitment.make",
    "commitment.propose_release",
    "commitment.erase",
    *_SECOND,
}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("official", N_("Official"), "unit", frozenset(_DESK | _HANDLE)),
        Role(
            "unit_head",
            N_("Head of unit"),
            "unit",
            frozenset(
                _DESK
                | _HANDLE
                | {
                    "case.delegate",
                    "case.decide_bounce",
                    "case.extend_approve",
                    "commitment.propose_release",
                }
            ),
        ),
        Role("moderator", N_("Moderator"), "office", frozenset(_DESK | _MODERATE)),
        Role(
            "supervisor",
            N_("Supervisor"),
            "office",
            frozenset(
                _DESK
                | _READ_ALL
                | _SECOND
                | {
                    "commitment.follow_up",
                    "case.note",
                    "case.call_back",
                    "case.request_reopening",
                    "case.decide_reopening",
                    "case.decide_high_objection",
                    "publication.release",
                    "publication.withdraw",
                    "notice.draft",
                    "notice.approve",
                    "outcome.draft",
                    "outcome.approve",
                    "case.extend_approve",
                }
            ),
        ),
        Role(
            "assessor",
            N_("Assessor"),
            "office",
            frozenset(_DESK | _READ_ALL | {"case.call_back", "case.request_reopening"}),
        ),
        Role("host", N_("Host"), "office", frozenset(_DESK | _READ_ALL)),
        Role(
            "discipline", N_("Discipline inspection recipient"), "office", frozenset(_DESK), two_persons=True
        ),
        Role(
            "administrator",
            N_("Administrator"),
            "office",
            frozenset(
                _DESK
                | {
                    "person.manage",
                    "unit.manage",
                    "area.manage",
                    "category.manage",
                    "channel.manage",
                    "calendar.manage",
                    "number.manage",
                    "jobs.see",
                }
            ),
        ),
    )
}

PERMISSIONS: frozenset[str] = frozenset().union(*(role.permissions for role in ROLES.values()))

TWO_PERSON_ROLES: frozenset[str] = frozenset(code for code, role in ROLES.items() if role.two_persons)
