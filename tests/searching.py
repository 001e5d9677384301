"""What the desk's search index finds, for tests."""

from typing import Any

from sqlalchemy import Select, false, select

from portal.cases.models import Case
from portal.kernel import search
from portal.kernel.db import Database


def cases_with(words: str, database: Database) -> Select[Any]:
    """The numbers of the cases in which these words stand."""
    found = search.matching("case", words, database.dialect)
    return select(Case.id).where(false() if found is None else Case.id.in_(found))
