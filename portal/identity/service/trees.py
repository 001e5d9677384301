"""What units and areas share as trees: codes given once, and no branch that hangs below itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity import rules
from portal.identity.models import Area, Unit
from portal.kernel.errors import Invalid
from portal.kernel.words import N_


def free_code(db: Session, table: type[Unit] | type[Area], typed: str) -> str:
    """The code in its shape; one that was ever given is refused."""
    code = rules.code(typed)
    if db.scalar(select(table.id).where(table.code == code)) is not None:
        raise Invalid("code_taken", N_("The code %(taken)s is taken."), field="code", taken=code)
    return code


def require_no_circle(
    db: Session, table: type[Unit] | type[Area], row_id: int, parent_id: int | None
) -> None:
    """Refuse a parent that is missing, or that stands below the row itself.

    Every row is locked meanwhile: two moves at once could close a circle that neither sees.
    """
    if parent_id is None:
        return
    rows = db.execute(select(table.id, table.parent_id).order_by(table.id).with_for_update())
    parents = {row.id: row.parent_id for row in rows}
    if parent_id not in parents:
        raise Invalid("no_parent", N_("There is nothing with this code to stand below."), field="parent")
    above: int | None = parent_id
    while above is not None:
        if above == row_id:
            raise Invalid(
                "circle", N_("It cannot stand below itself or below what stands under it."), field="parent"
            )
        above = parents[above]
