"""What coming in does when a fact happens: the files of an erased appeal go at once, not only by the clock."""

from flask import has_app_context

from portal.cases.events import AppealErased
from portal.intake.jobs import tidy
from portal.kernel import clock, events
from portal.web.database import database, settings


def register() -> None:
    """Listen."""
    events.after(AppealErased, remove_files)


def remove_files(_event: AppealErased) -> None:
    """A courtesy: without an application the timetable does it within minutes."""
    if has_app_context():
        tidy(settings().upload_dir, database(), clock.now())
