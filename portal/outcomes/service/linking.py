"""Which cases an outcome came out of. Whom a case concerns neither sees its link nor can touch it."""

import re

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.subjects import visible
from portal.identity.actors import Actor
from portal.kernel.errors import Invalid
from portal.kernel.series import CASE
from portal.kernel.words import N_
from portal.outcomes.models import OutcomeCase

MOST = 50
_BETWEEN = re.compile(r"[\s,，、;；]+")


def link(db: Session, actor: Actor, outcome_id: int, typed: str) -> None:
    """Link exactly the cases that were typed; links that the actor may not know of stay as they are."""
    wanted = _cases(db, actor, typed)
    seen = select(Case.id).where(visible(actor))
    mine = (OutcomeCase.outcome_id == outcome_id, OutcomeCase.case_id.in_(seen))
    known = set(db.scalars(select(OutcomeCase.case_id).where(*mine)))
    if known - wanted:
        db.execute(
            delete(OutcomeCase)
            .where(OutcomeCase.outcome_id == outcome_id, OutcomeCase.case_id.in_(known - wanted))
            .execution_options(synchronize_session=False)
        )
    db.add_all(OutcomeCase(outcome_id=outcome_id, case_id=number) for number in sorted(wanted - known))
    db.flush()


def copy(db: Session, source_id: int, target_id: int) -> None:
    """A correction begins with the cases of what it corrects."""
    numbers = db.scalars(select(OutcomeCase.case_id).where(OutcomeCase.outcome_id == source_id)).all()
    db.add_all(OutcomeCase(outcome_id=target_id, case_id=number) for number in numbers)
    db.flush()


def _cases(db: Session, actor: Actor, typed: str) -> set[int]:
    words = list(dict.fromkeys(word for word in _BETWEEN.split(typed) if word))
    if len(words) > MOST:
        raise Invalid("too_many", N_("Please name at most %(max)d cases."), field="cases", max=MOST)
    refs = {word: CASE.same(word) for word in words}
    found = {
        row.ref: row.id
        for row in db.execute(select(Case.ref, Case.id).where(Case.ref.in_(refs.values()), visible(actor)))
    }
    strange = [word for word, ref in refs.items() if ref not in found]
    if strange:
        named = ", ".join(word[:40] for word in strange[:10])
        raise Invalid("no_such_case", N_("No case has this number: %(refs)s"), field="cases", refs=named)
    return set(found.values())
