"""Replies to start from: for everybody, or for one unit."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.models import Category, ReplyTemplate
from portal.identity.actors import Actor
from portal.identity.models import Unit
from portal.identity.policy import require
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_

LONGEST = 4000


def save_template(
    db: Session,
    now: datetime,
    actor: Actor,
    template_id: int | None,
    *,
    name: str,
    body: str,
    category_id: int | None,
    unit_id: int | None,
) -> int:
    """Write a template, or change one. Returns its id."""
    require(actor, "template.edit")
    if not name.strip() or not body.strip():
        raise Invalid("empty", N_("Please fill this in."), field="body" if name.strip() else "name")
    if len(body) > LONGEST:
        raise Invalid("too_long", N_("Please use at most %(max)d characters."), field="body", max=LONGEST)
    for field, table, found in (("category_id", Category, category_id), ("unit_id", Unit, unit_id)):
        if found is not None and db.get(table, found) is None:
            raise Invalid("not_on_list", N_("Choose from the list."), field=field)
    row = _get(db, template_id) if template_id is not None else ReplyTemplate()
    row.name, row.body, row.category_id, row.unit_id = name.strip(), body.strip(), category_id, unit_id
    db.add(row)
    db.flush()
    return row.id


def switch_template(db: Session, now: datetime, actor: Actor, template_id: int, active: bool) -> None:
    """Offer a template, or no longer."""
    require(actor, "template.edit")
    _get(db, template_id).active = active


def _get(db: Session, template_id: int) -> ReplyTemplate:
    row = db.get(ReplyTemplate, template_id)
    if row is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return row
