"""The right to receive referrals takes two persons: no administrator can give it to anybody alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity import service, signing_in
from portal.identity.actors import SYSTEM, Actor
from portal.identity.models import AdminEntry, Appointment, GrantProposal
from portal.identity.roles import ROLES, TWO_PERSON_ROLES
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from tests.cast import NOW, City

TODAY = date(2026, 6, 18)
LONG_AGO = NOW - timedelta(days=90)


def second(db: Session, city: City, key: str = "nuo") -> Actor:
    """Another administrator, appointed by the operator some time ago."""
    service.appoint(
        db, LONG_AGO, SYSTEM, city.person(key), "administrator", unit_id=None, starts_on=date(2026, 3, 1)
    )
    return city.actor(db, key)


def propose(db: Session, city: City, actor: Actor | None = None, person: str = "ke") -> GrantProposal:
    return service.propose_appointment(
        db,
        NOW,
        actor or city.actor(db, "an"),
        city.person(person),
        "discipline",
        unit_id=None,
        starts_on=TODAY,
    )


def holds(db: Session, city: City, person: str = "ke") -> bool:
    return any(grant.role == "discipline" for grant in city.actor(db, person).grants)


def test_discipline_is_the_role_that_takes_two_persons() -> None:
    assert {"discipline"} == TWO_PERSON_ROLES
    for code in TWO_PERSON_ROLES:
        assert "person.manage" not in ROLES[code].permissions


def test_one_administrator_proposes_and_another_grants(database: Database, city: City) -> None:
    with database.transaction() as db:
        other = second(db, city)
        proposal = propose(db, city)
        assert not holds(db, city)
        made = service.decide_proposal(db, NOW, other, proposal.id, grant=True)
        assert made is not None
        assert holds(db, city)
        assert (proposal.proposed_by_id, proposal.decided_by_id) == (city.person("an"), city.person("nuo"))
        kinds = db.scalars(
            select(AdminEntry.kind)
            .where(AdminEntry.subject_id == city.person("ke"), AdminEntry.at == NOW)
            .order_by(AdminEntry.id)
        ).all()
        assert kinds == ["grant.proposed", "appointment.made"]


def test_nobody_gives_it_alone(database: Database, city: City) -> None:
    with database.transaction() as db:
        an = city.actor(db, "an")
        with pytest.raises(Refused, match="second person"):
            service.appoint(db, NOW, an, city.person("ke"), "discipline", unit_id=None, starts_on=TODAY)
        proposal = propose(db, city)
        with pytest.raises(Refused, match="two persons"):
            service.decide_proposal(db, NOW, an, proposal.id, grant=True)
        with pytest.raises(Refused, match="two persons"):
            service.decide_proposal(db, NOW, SYSTEM, proposal.id, grant=True)
        assert not holds(db, city)


def test_nobody_grants_it_to_themselves(database: Database, city: City) -> None:
    with database.transaction() as db:
        other = second(db, city)
        proposal = propose(db, city, person="nuo")
        with pytest.raises(Refused, match="two persons"):
            service.decide_proposal(db, NOW, other, proposal.id, grant=True)


@pytest.mark.parametrize("way", ["made administrator", "given a link", "made a link for the proposer"])
def test_who_let_the_other_in_of_late_is_no_second_person(database: Database, city: City, way: str) -> None:
    with database.transaction() as db:
        an, nuo = city.actor(db, "an"), city.person("nuo")
        yesterday = NOW - timedelta(days=1)
        if way == "made administrator":
            service.appoint(db, yesterday, an, nuo, "administrator", unit_id=None, starts_on=TODAY)
            other = city.actor(db, "nuo")
        else:
            other = second(db, city)
            one, two = (an, nuo) if way == "given a link" else (other, city.person("an"))
            signing_in.make_link(db, yesterday, one, two)
        proposal = propose(db, city)
        with pytest.raises(Refused, match="let the other in"):
            service.decide_proposal(db, NOW, other, proposal.id, grant=True)
        later = NOW + timedelta(days=31)
        assert service.decide_proposal(db, later, other, proposal.id, grant=True)


def test_what_was_proposed_by_command_takes_one_administrator(database: Database, city: City) -> None:
    with database.transaction() as db:
        proposal = propose(db, city, SYSTEM)
        assert service.decide_proposal(db, NOW, city.actor(db, "an"), proposal.id, grant=True)


def test_a_proposal_can_be_withdrawn_and_is_decided_once(database: Database, city: City) -> None:
    with database.transaction() as db:
        other, an = second(db, city), city.actor(db, "an")
        proposal = propose(db, city)
        with pytest.raises(Invalid, match="proposed already"):
            propose(db, city, other)
        assert service.decide_proposal(db, NOW, an, proposal.id, grant=False) is None
        for grant in (True, False):
            with pytest.raises(Refused, match="decided already"):
                service.decide_proposal(db, NOW, other, proposal.id, grant=grant)
        assert not holds(db, city)
        with pytest.raises(NotFound):
            service.decide_proposal(db, NOW, other, 999, grant=True)


@pytest.mark.parametrize("who", ["mei", "su", "hou", "lin", "ji", "wu"])
def test_only_administrators_propose_and_decide(database: Database, city: City, who: str) -> None:
    with database.transaction() as db:
        proposal = propose(db, city)
        actor = city.actor(db, who)
        with pytest.raises(Forbidden):
            propose(db, city, actor, "he")
        with pytest.raises(Forbidden):
            service.decide_proposal(db, NOW, actor, proposal.id, grant=True)


def test_other_roles_take_no_second_person(database: Database, city: City) -> None:
    with database.transaction() as db, pytest.raises(Invalid, match="takes no second person"):
        service.propose_appointment(
            db, NOW, city.actor(db, "an"), city.person("ke"), "host", unit_id=None, starts_on=TODAY
        )


def test_it_is_not_prolonged_by_one_person(database: Database, city: City) -> None:
    with database.transaction() as db:
        an = city.actor(db, "an")
        held = select(Appointment.id).where(Appointment.person_id == city.person("ji"))
        held_id = db.scalars(held).one()
        service.set_last_day(db, NOW, an, held_id, date(2026, 7, 31))
        service.set_last_day(db, NOW, an, held_id, date(2026, 7, 1))
        for longer in (date(2026, 7, 2), None):
            with pytest.raises(Refused, match="second person"):
                service.set_last_day(db, NOW, an, held_id, longer)
        service.set_last_day(db, NOW, SYSTEM, held_id, None)


def test_no_administrator_lets_themselves_into_the_account(database: Database, city: City) -> None:
    with database.transaction() as db:
        an = city.actor(db, "an")
        with pytest.raises(Refused, match="on the server"):
            signing_in.make_link(db, NOW, an, city.person("ji"))
        propose(db, city)
        with pytest.raises(Refused, match="on the server"):
            signing_in.make_link(db, NOW, an, city.person("ke"))
        assert signing_in.make_link(db, NOW, SYSTEM, city.person("ji"))
        assert signing_in.make_link(db, NOW, an, city.person("lin"))
