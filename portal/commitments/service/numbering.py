"""The public reference of a commitment: given once, never changed."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.numbers import take
from portal.kernel.series import COMMITMENT


def reference(db: Session, now: datetime) -> str:
    """The next one, e.g. `C26-0187`."""
    year = local_date(now, zone_of(db)).year
    return COMMITMENT.write(year, take(db, "commitment", year, 1))
