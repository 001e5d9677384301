"""Use cases of signing in: with a password and a second factor, by a one-time link, and out again.

How often one may try is the door's business (`portal.accounts`); what is right is decided here.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from portal.identity import credentials, rules
from portal.identity.actors import Actor, ActorKind
from portal.identity.models import Appointment, GrantProposal, Person, RecoveryCode, SignIn, SignInLink
from portal.identity.policy import require
from portal.identity.roles import TWO_PERSON_ROLES
from portal.identity.service import note, sign_out_everywhere
from portal.kernel.db import keys_of
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_

SIGN_IN_LASTS = timedelta(hours=12)
LINK_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Known:
    """Somebody found by what they sign in with, as far as signing in must know them."""

    person_id: int
    password_hash: str | None
    has_second_factor: bool


def find(db: Session, typed: str) -> Known | None:
    """The person who signs in with this staff number, phone or mail; None for nobody and for the disabled."""
    name = typed.strip()[:254]
    phone = rules.phone_digits(name)
    person = db.scalar(
        select(Person)
        .where(
            or_(
                Person.staff_number == name,
                func.lower(Person.email) == name.lower(),
                *([Person.phone == phone] if len(phone) >= 7 else []),
            ),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.id)
        .limit(1)
    )
    return Known(person.id, person.password_hash, person.totp_sealed is not None) if person else None


def begin(
    db: Session, now: datetime, person_id: int, *, method: str, network: str = "", agent: str = ""
) -> str:
    """Sign a person in whose identity is proven; returns the token for the cookie, stored only as a hash."""
    token = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            token_hash=sha256(token.encode()).hexdigest(),
            person_id=person_id,
            created_at=now,
            expires_at=now + SIGN_IN_LASTS,
            method=method,
            network=network[:50],
            agent=agent[:120],
        )
    )
    db.execute(
        delete(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at < now - timedelta(days=30))
    )
    return token


def end(db: Session, now: datetime, actor: Actor, sign_in_id: int) -> None:
    """End one of one's own sign-ins, here or elsewhere."""
    row = db.get(SignIn, sign_in_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound("no_sign_in", N_("There is no such sign-in."))
    row.ended_at = row.ended_at or now


def check_second_factor(db: Session, now: datetime, person_id: int, code: str) -> bool:
    """Whether a code of the authenticator app, or an unused recovery code, is right; either is spent by it."""
    person = db.get_one(Person, person_id)
    if person.totp_sealed is None:
        return False
    secret = credentials.unseal_totp(keys_of(db), person.totp_sealed)
    step = credentials.totp_step(secret, code, now, person.totp_last_step)
    if step is not None:
        person.totp_last_step = step
        return True
    spent = db.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == credentials.hash_recovery_code(person_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def set_password(db: Session, now: datetime, actor: Actor, password: str, *, current: str | None) -> None:
    """Change one's own password; every other sign-in of the person ends."""
    person = db.get_one(Person, actor.person_id)
    if person.password_hash is not None and not credentials.password_is(current or "", person.password_hash):
        raise Invalid("wrong_password", N_("This is not your present password."), field="current")
    _store_password(person, password)
    for row in db.scalars(select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))):
        if row.id != actor.sign_in_id:
            row.ended_at = now
    note(db, now, actor, "password.changed", "person", person.id)


def _store_password(person: Person, password: str) -> None:
    credentials.check_new_password(password, names=(person.staff_number, person.phone, person.email))
    person.password_hash = credentials.hash_password(password)


def turn_on_second_factor(db: Session, now: datetime, actor: Actor, secret: str, code: str) -> list[str]:
    """Turn the second factor on once a first code proves that the app has the secret; returns recovery codes."""
    person = db.get_one(Person, actor.person_id)
    if person.totp_sealed is not None:
        raise Refused(
            "second_factor_on",
            N_("The second factor is on already. To change the phone, turn it off with your password first."),
        )
    step = credentials.totp_step(secret, code, now, None)
    if step is None:
        raise Invalid(
            "wrong_code",
            N_("This code does not fit. Check that the phone's clock is right and take the newest code."),
            field="code",
        )
    person.totp_sealed = credentials.seal_totp(keys_of(db), secret)
    person.totp_last_step = step
    note(db, now, actor, "second_factor.on", "person", person.id)
    return _new_recovery_codes(db, now, actor)


def turn_off_second_factor(db: Session, now: datetime, actor: Actor, password: str) -> None:
    """Turn the second factor off; the password proves that it is not somebody at an unlocked desk."""
    person = _proven(db, actor, password)
    person.totp_sealed = person.totp_last_step = None
    db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    note(db, now, actor, "second_factor.off", "person", person.id)


def _proven(db: Session, actor: Actor, password: str) -> Person:
    person = db.get_one(Person, actor.person_id)
    if not credentials.password_is(password, person.password_hash):
        raise Invalid("wrong_password", N_("This is not your present password."), field="current")
    return person


def renew_recovery_codes(db: Session, now: datetime, actor: Actor, password: str) -> list[str]:
    """Ten new recovery codes; the old ones are void. They stand in for the phone, so this takes the password."""
    _proven(db, actor, password)
    return _new_recovery_codes(db, now, actor)


def _new_recovery_codes(db: Session, now: datetime, actor: Actor) -> list[str]:
    person_id = actor.person_id
    if person_id is None:
        raise Refused("not_a_person", N_("Only a person has recovery codes."))
    db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = credentials.new_recovery_codes()
    db.add_all(
        RecoveryCode(person_id=person_id, code_hash=credentials.hash_recovery_code(person_id, code))
        for code in codes
    )
    note(db, now, actor, "recovery_codes.made", "person", person_id)
    return codes


def make_link(db: Session, now: datetime, actor: Actor, person_id: int) -> str:
    """A one-time link's token for a new or locked-out person; links given before are void."""
    require(actor, "person.manage")
    if db.get(Person, person_id) is None:
        raise NotFound("no_person", N_("There is no such person."))
    if actor.kind is not ActorKind.SYSTEM and _takes_two(db, person_id):
        raise Refused(
            "link_on_server",
            N_(
                "This person holds, or is to hold, a role that takes two persons. Their link is made on the server: "
                "portal user link."
            ),
        )
    db.execute(
        update(SignInLink)
        .where(SignInLink.person_id == person_id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )
    token = secrets.token_urlsafe(24)
    db.add(
        SignInLink(
            token_hash=sha256(token.encode()).hexdigest(),
            person_id=person_id,
            created_at=now,
            expires_at=now + LINK_LASTS,
        )
    )
    note(db, now, actor, "link.made", "person", person_id)
    return token


def _takes_two(db: Session, person_id: int) -> bool:
    """Whoever makes a link could use it: then one person would hold what takes two to give."""
    held = select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.role.in_(TWO_PERSON_ROLES),
        Appointment.ended_at.is_(None),
    )
    proposed = select(GrantProposal.id).where(
        GrantProposal.person_id == person_id, GrantProposal.decided_at.is_(None)
    )
    return any(db.scalar(found.limit(1)) is not None for found in (held, proposed))


def link_owner(db: Session, now: datetime, token: str) -> Person | None:
    """Whose unused link this is; looking does not use it up (mail scanners look at everything)."""
    return db.scalar(
        select(Person)
        .join(SignInLink, SignInLink.person_id == Person.id)
        .where(
            SignInLink.token_hash == sha256(token.encode()).hexdigest(),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )


def use_link(db: Session, now: datetime, token: str, password: str) -> int:
    """Set a password by a one-time link: every earlier sign-in ends and the second factor is taken off, since
    whoever needs a link may have lost the phone too. Returns the person's id."""
    person = link_owner(db, now, token)
    if person is None:
        raise NotFound("link_over", N_("This link has been used or has run out. Ask for a new one."))
    _store_password(person, password)
    person.totp_sealed = person.totp_last_step = None
    db.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == sha256(token.encode()).hexdigest())
        .values(used_at=now)
    )
    sign_out_everywhere(db, now, person.id)
    return person.id
