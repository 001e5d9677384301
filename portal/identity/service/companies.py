"""Companies, as they turn up."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Company


def company_by_code(db: Session, credit_code: str, name: str) -> Company:
    """The company with this unified social credit code, noted at first sight."""
    company = db.scalar(select(Company).where(Company.credit_code == credit_code))
    if company is None:
        company = Company(credit_code=credit_code, name=name)
        db.add(company)
        db.flush()
    return company
