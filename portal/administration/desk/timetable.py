"""What runs by the clock, and letting one of it run now."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration import service
from portal.administration.desk import blueprint, done
from portal.administration.queries.record import record
from portal.administration.queries.timetable import timetable
from portal.kernel import clock
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.rendering import page

LIST = "administration.job_list"


@blueprint.get("/timetable")
@requires("jobs.see")
def job_list() -> Response:
    """Every job: what ran, how it went, what is due."""
    db = reader()
    return page(
        "administration/timetable.html", jobs=timetable(db, clock.now()), entries=record(db, "job", 0)
    )


@blueprint.post("/timetable/<name>/run")
@requires("jobs.see")
def run_job(name: str) -> Response:
    """Let a job run at the next turn of the timetable."""
    return done(
        lambda db: service.hurry_job(db, clock.now(), current_actor(), name),
        _("It runs in a moment. Load this page again to see how it went."),
        LIST,
    )
