"""The official calendar: its years, a table sent and tried before it counts, dates counted anew in the open."""

import csv
import io
from hashlib import sha256

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.administration import calendars
from portal.administration.desk import blueprint, today
from portal.administration.forms import CalendarDaysForm, CalendarForm, RecountForm
from portal.administration.queries import calendar as queries
from portal.administration.queries.record import record
from portal.cases.service import recounting
from portal.deadlines.queries import load_calendar
from portal.kernel import clock
from portal.kernel.csvfiles import Row, Sheet, read
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.filters import told
from portal.web.locale import current
from portal.web.rendering import page

LIST = "administration.calendar"
LARGEST_KB = 200
SHOWN = 200


@blueprint.get("/calendar", endpoint="calendar")
@requires("calendar.manage")
def year_list() -> Response:
    """Which years count, and which are missing."""
    return _list(CalendarForm(formdata=None))


@blueprint.post("/calendar")
@requires("calendar.manage")
def check_calendar() -> Response:
    """What a table would change; nothing is changed yet."""
    form = CalendarForm()
    if not form.validate():
        return _list(form, 422)
    try:
        sheet = _sent(form.file.data)
    except PortalError as error:
        form.take(error)
        return _list(form, error.status)
    return _dry_run(sheet.rows, form.complete.data, sheet=sheet)


def _sent(upload: object) -> Sheet:
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise Invalid("no_file_sent", N_("Choose a file."), field="file")
    content = upload.stream.read(LARGEST_KB * 1024 + 1)
    if len(content) > LARGEST_KB * 1024:
        raise Invalid(
            "calendar_too_large",
            N_("This is no calendar: it is larger than %(most)d KB."),
            field="file",
            most=LARGEST_KB,
        )
    try:
        return read(content, calendars.COLUMNS)
    except Invalid as error:
        raise Invalid(error.code, error.message, field="file", **error.params) from error


def _dry_run(
    rows: tuple[Row, ...],
    complete: bool,
    *,
    sheet: Sheet | None = None,
    error: PortalError | None = None,
) -> Response:
    db = reader()
    result = calendars.plan(db, rows, complete=complete)
    calendar = load_calendar(db)
    changes = calendars.changes(calendar, result)
    form = CalendarDaysForm(
        formdata=None,
        data={"table": _as_text(rows), "complete": "1" if complete else "", "seen": _mark(result, changes)},
    )
    if error:
        form.take(error)
    return page(
        "administration/calendar_check.html",
        form=form,
        result=result,
        changes=changes,
        known={one.year for one in result.years if calendar.knows(one.year)},
        refused=[(line, told(found)) for line, found in result.refused],
        ignored=sorted(sheet.ignored) if sheet else [],
        status=error.status if error else 422 if result.refused else 200,
    )


def _mark(result: calendars.Result, changes: list[calendars.DayChange]) -> str:
    shown = [(one.year, one.complete, one.was_complete, one.added, one.taken_away) for one in result.years]
    return sha256(repr((shown, [(one.day, one.worked) for one in changes])).encode()).hexdigest()[:32]


def _as_text(rows: tuple[Row, ...]) -> str:
    names = [column.name for column in calendars.COLUMNS[:3]]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [names, *([row.cells.get(name, "") for name in names] for row in rows)]
    )
    return text.getvalue()


@blueprint.post("/calendar/days")
@requires("calendar.manage")
def load_calendar_days() -> Response:
    """Take in the table that was looked at."""
    form = CalendarDaysForm()
    if not form.validate():
        flash(_("This page was open too long. Nothing was changed: please try again."), "error")
        return redirect(url_for(LIST), 303)
    complete = form.complete.data == "1"
    try:
        rows = read(str(form.table.data).encode(), calendars.COLUMNS).rows
        with transaction() as db:
            _load(db, rows, complete, str(form.seen.data))
    except (Forbidden, NotFound):
        raise
    except Invalid as error:
        flash(told(error), "error")
        return redirect(url_for(LIST), 303)
    except Conflict as error:
        return _dry_run(rows, complete, error=error)
    flash(
        _("Loaded. Dates given from now on are counted by it; dates given before stay as they are."),
        "success",
    )
    return redirect(url_for(LIST), 303)


def _load(db: Session, rows: tuple[Row, ...], complete: bool, seen: str) -> None:
    planned = calendars.plan(db, rows, complete=complete)
    if planned.refused or seen != _mark(planned, calendars.changes(load_calendar(db), planned)):
        raise Conflict(
            "calendar_changed", N_("The calendar has changed meanwhile. Please look at the changes again.")
        )
    calendars.import_days(db, clock.now(), current_actor(), rows, complete=complete)


@blueprint.get("/calendar/<int:year>")
@requires("calendar.manage")
def calendar_year(year: int) -> Response:
    """A year's holidays and the days worked for them."""
    db = reader()
    row = next((row for row in queries.year_rows(db, today()) if row.year == year), None)
    if row is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return page(
        "administration/calendar_year.html",
        row=row,
        days=queries.year_days(db, year, english=current() == "en"),
        entries=record(db, "calendar", year),
    )


def _list(form: CalendarForm, status: int = 200) -> Response:
    rows = queries.year_rows(reader(), today())
    return page("administration/calendar.html", rows=rows, form=form, status=status)


@blueprint.get("/calendar/count")
@requires("calendar.manage")
def calendar_count() -> Response:
    """Which dates would move."""
    return _count_page(RecountForm(formdata=None))


@blueprint.post("/calendar/count")
@requires("calendar.manage")
def count_calendar() -> Response:
    """Count them anew, with a reason; some at a time, so that nobody waits for it."""
    form = RecountForm()
    if not form.validate():
        return _count_page(form, 422)
    try:
        moved = _count_all(form.reason.data or "", form.seen.data or "")
    except (Forbidden, NotFound):
        raise
    except PortalError as error:
        form.take(error)
        return _count_page(form, error.status)
    flash(
        ngettext("Counted anew: %(num)s date moved.", "Counted anew: %(num)s dates moved.", moved), "success"
    )
    return redirect(url_for("administration.calendar_count"), 303)


def _count_all(reason: str, seen: str) -> int:
    """How many moved, of those that were shown."""
    actor = current_actor()
    with transaction() as db:
        told_of = {move.case_id for move in recounting.forecast(db, actor).moves}
        recount_id, case_ids = recounting.begin_recount(db, clock.now(), actor, reason, seen)
    moved: set[int] = set()
    for start in range(0, len(case_ids), recounting.AT_ONCE):
        with transaction() as db:
            some = case_ids[start : start + recounting.AT_ONCE]
            moved |= recounting.count_anew(db, clock.now(), actor, recount_id, some)
    return len(moved & told_of)


def _count_page(form: RecountForm, status: int = 200) -> Response:
    db = reader()
    found = recounting.forecast(db, current_actor())
    form.seen.data = found.mark
    return page(
        "administration/calendar_count.html",
        form=form,
        found=found,
        shown=found.moves[:SHOWN],
        more=max(0, len(found.moves) - SHOWN),
        rows=queries.recounts(db),
        status=status,
    )
