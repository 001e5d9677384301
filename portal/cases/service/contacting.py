"""How to reach an asker: opened on demand, and written in the history each time."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.service.filing import Contact
from portal.cases.service.moves import load, note_act
from portal.cases.subjects import require_for_case
from portal.cases.texts import AppealContact, AppealKey
from portal.cases.vocabulary import Act
from portal.identity.actors import Actor
from portal.kernel.db import keys_of
from portal.kernel.errors import NotFound
from portal.kernel.keys import unseal
from portal.kernel.words import N_


def show_contact(db: Session, now: datetime, actor: Actor, case_id: int, appeal_id: int) -> Contact:
    """The contact of one of the case's askers. Looking is an act: it stands in the history."""
    case = load(db, case_id)
    subject = require_for_case(db, actor, "appeal.contact", case)
    key = db.get(AppealKey, appeal_id)
    sealed = db.get(AppealContact, appeal_id)
    if appeal_id not in subject.appeal_ids or key is None or sealed is None:
        raise NotFound("no_contact", N_("There is no contact for this appeal."))
    kept = json.loads(unseal(keys_of(db).unwrap(key.wrapped), sealed.sealed))
    note_act(db, now, actor, case, Act.CONTACT_SHOWN, appeal_id=appeal_id)
    return Contact(**kept)
