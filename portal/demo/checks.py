"""What must hold for the demonstration city's content: `problems` lists every breach in words.

Pure. The rules about single cases are in `case_checks`.
"""

import re
from collections.abc import Iterator

from stdnum.cn import uscc

from portal.demo.case_checks import case_problems
from portal.demo.content import DemoCity
from portal.demo.town import DemoPerson
from portal.identity.roles import ROLES

LANGUAGES = {"zh_Hans", "zh_Hant", "en"}
_UNIT_PHONE = re.compile(r"0516-0000-\d{4}")
_MOBILE = re.compile(r"1[3-9]\d0000\d{4}")


def problems(city: DemoCity) -> list[str]:
    """Every breach, in the order of the files; empty: the content may be loaded."""
    parts = (
        _units,
        _areas,
        _channels,
        _people,
        _roles,
        _companies,
        _citizens,
        case_problems,
        _rules,
        _notices,
        _outcomes,
        _commitments,
    )
    return [problem for part in parts for problem in part(city)]


def _units(city: DemoCity) -> Iterator[str]:
    for unit in city.units.values():
        if unit.parent and unit.parent not in city.units:
            yield f"unit {unit.code}: no parent {unit.parent}"
        if not _UNIT_PHONE.fullmatch(unit.phone):
            yield f"unit {unit.code}: phone {unit.phone} is not clearly fictional"
    if sum(not unit.parent for unit in city.units.values()) != 1:
        yield "units: exactly one has no parent"
    slugs = [unit.slug for unit in city.units.values()]
    if len(set(slugs)) < len(slugs):
        yield "units: a slug stands there twice"


def _areas(city: DemoCity) -> Iterator[str]:
    for area in city.areas.values():
        if area.unit not in city.units:
            yield f"area {area.code}: no unit {area.unit}"
        if area.parent and area.parent not in city.areas:
            yield f"area {area.code}: no parent {area.parent}"
        if not area.code.startswith("99"):
            yield f"area {area.code}: may exist"


def _channels(city: DemoCity) -> Iterator[str]:
    for channel in city.channels.values():
        if channel.kind not in {"online", "phone", "paper", "visit", "system"}:
            yield f"channel {channel.code}: kind {channel.kind}"


def _people(city: DemoCity) -> Iterator[str]:
    for person in city.people.values():
        yield from (f"person {person.login}: {problem}" for problem in _person(city, person))
    for name in ("staff_number", "phone", "name"):
        values = [getattr(person, name) for person in city.people.values()]
        yield from (f"people: {name} {value} twice" for value in {v for v in values if values.count(v) > 1})


def _person(city: DemoCity, person: DemoPerson) -> Iterator[str]:
    if not _MOBILE.fullmatch(person.phone):
        yield f"phone {person.phone} is not clearly fictional"
    for appointment in person.appointments:
        if appointment.role not in ROLES:
            yield f"role {appointment.role}"
        if appointment.unit not in city.units:
            yield f"no unit {appointment.unit}"
        if appointment.deputy_for and appointment.deputy_for not in city.people:
            yield f"deputy for nobody: {appointment.deputy_for}"
        if appointment.until is not None and appointment.until > appointment.since:
            yield "an appointment ends before it begins"


def _roles(city: DemoCity) -> Iterator[str]:
    held = {
        (appointment.role, appointment.unit)
        for person in city.people.values()
        for appointment in person.appointments
        if appointment.is_running
    }
    yield from (f"nobody is {role}" for role in sorted(ROLES.keys() - {role for role, _ in held}))
    for unit in city.units.values():
        for role in ("unit_head", "official"):
            if unit.handles and unit.code != "OFFICE" and (role, unit.code) not in held:
                yield f"unit {unit.code}: no {role}"


def _companies(city: DemoCity) -> Iterator[str]:
    for company in city.companies.values():
        if not uscc.is_valid(company.credit_code) or company.credit_code[2:4] != "99":
            yield f"company {company.key}: credit code {company.credit_code}"
        if company.area not in city.areas:
            yield f"company {company.key}: no area {company.area}"
        if not _MOBILE.fullmatch(company.phone):
            yield f"company {company.key}: phone {company.phone} is not clearly fictional"


def _citizens(city: DemoCity) -> Iterator[str]:
    for citizen in city.citizens.values():
        if citizen.area not in city.areas:
            yield f"citizen {citizen.key}: no area {citizen.area}"
        if not _MOBILE.fullmatch(citizen.phone):
            yield f"citizen {citizen.key}: phone {citizen.phone} is not clearly fictional"
        if citizen.key in city.companies:
            yield f"citizen {citizen.key}: a company has this key"


def _rules(city: DemoCity) -> Iterator[str]:
    for rule in city.rules:
        if rule.unit not in city.units or not city.units[rule.unit].handles:
            yield f"rule {rule.name}: no unit {rule.unit} that takes cases"
        if not set(rule.categories) <= city.categories.keys() or not set(rule.areas) <= city.areas.keys():
            yield f"rule {rule.name}: category or area unknown"
        if rule.person and not any(
            one.unit == rule.unit for one in city.people[rule.person].appointments if one.until is None
        ):
            yield f"rule {rule.name}: {rule.person} does not work in {rule.unit}"
        if rule.party not in {"", "person", "company"}:
            yield f"rule {rule.name}: party {rule.party}"
    for template in city.templates.values():
        if template.unit and template.unit not in city.units:
            yield f"template {template.key}: no unit {template.unit}"
        if template.category and template.category not in city.categories:
            yield f"template {template.key}: no category {template.category}"


def _notices(city: DemoCity) -> Iterator[str]:
    for notice in city.notices.values():
        if not {notice.author, notice.approver} <= city.people.keys() or notice.author == notice.approver:
            yield f"notice {notice.key}: two persons of the staff"
        if notice.corrects and notice.corrects not in city.notices:
            yield f"notice {notice.key}: corrects what is not there"
        if (notice.state == "withdrawn") != bool(notice.because):
            yield f"notice {notice.key}: withdrawn with a reason"


def _outcomes(city: DemoCity) -> Iterator[str]:
    for outcome in city.outcomes.values():
        if not {outcome.author, outcome.approver} <= city.people.keys() or outcome.author == outcome.approver:
            yield f"outcome {outcome.key}: two persons of the staff"
        if outcome.unit not in city.units:
            yield f"outcome {outcome.key}: no unit {outcome.unit}"
        for case in outcome.cases:
            if case not in city.cases:
                yield f"outcome {outcome.key}: no case {case}"
        if outcome.corrects and outcome.corrects not in city.outcomes:
            yield f"outcome {outcome.key}: corrects what is not there"
        if outcome.state == "withdrawn" and not outcome.because:
            yield f"outcome {outcome.key}: withdrawn with a reason"


def _commitments(city: DemoCity) -> Iterator[str]:
    for promise in city.commitments.values():
        if promise.case not in city.cases:
            yield f"commitment {promise.case}: no such case"
        elif not promise.made < city.cases[promise.case].days_ago:
            yield f"commitment {promise.case}: made before the case was submitted"
        if -promise.due >= promise.made:
            yield f"commitment {promise.case}: due before it was made"
        days = [report.days_ago for report in promise.follow_ups]
        if any(day >= promise.made or day < 1 for day in days) or days != sorted(days, reverse=True):
            yield f"commitment {promise.case}: reports out of order"
