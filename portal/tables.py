"""Every table of the house in one metadata: for the application, the migrations and the tests."""

from importlib import import_module

from portal.kernel.db import Base

MODULES = (
    "portal.kernel.jobs",
    "portal.kernel.numbers",
    "portal.kernel.once",
    "portal.identity.models",
    "portal.alerts.models",
    "portal.deadlines.models",
    "portal.ledger.models",
    "portal.cases.models",
    "portal.cases.texts",
    "portal.cases.history",
    "portal.publishing.models",
    "portal.notices.models",
    "portal.outcomes.models",
    "portal.intake.models",
    "portal.intake.importing.models",
    "portal.commitments.models",
    "portal.commitments.history",
    "portal.commitments.released",
)
for _name in MODULES:
    import_module(_name)

metadata = Base.metadata
