"""What the portal proposes about a fresh appeal: the unit, by the office's rules, and its likeness to others."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case


def sign(appeal: Appeal, title: str, body: str) -> None:
    """Give the appeal the signatures by which repeats are found."""
    appeal.same_body = ""
    appeal.likeness = ""


def propose(db: Session, now: datetime, case: Case, appeal: Appeal) -> None:
    """Note the unit that the first fitting rule names; a person decides."""
