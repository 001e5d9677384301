"""`portal user|unit|area|category|channel|calendar …`: people, trees, lists and the calendar by command.

Who may run commands on the server may do everything, so they act as the portal itself; the administrative
record says so.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.administration import calendars, importing
from portal.administration.queries.people import person_called
from portal.glossary import REFUSALS
from portal.identity import service, signing_in
from portal.identity.actors import SYSTEM
from portal.identity.models import Unit
from portal.identity.roles import ROLES, TWO_PERSON_ROLES
from portal.kernel import clock
from portal.kernel.csvfiles import Column, Sheet, read
from portal.kernel.errors import NotFound, PortalError
from portal.web.commands import in_app
from portal.web.database import settings, transaction

FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")


@click.group()
def user() -> None:
    """People of the staff: take them on, let them in."""


@user.command("add")
@click.argument("name")
@click.option("--staff-number", help="What they sign in with; at least one of these three.")
@click.option("--phone", help="A phone number to sign in with.")
@click.option("--email", help="An e-mail address to sign in with.")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="What they are appointed as.")
@click.option(
    "--unit", "unit_code", metavar="CODE", help="The unit's code; officials and heads of unit need one."
)
@in_app
def add_user(
    name: str,
    staff_number: str | None,
    phone: str | None,
    email: str | None,
    role: str,
    unit_code: str | None,
) -> None:
    """Take NAME on, appoint them from today and print a one-time sign-in link.

    \b
    The first administrator of a new portal:
        portal user add 安宁 --staff-number 1004 --role administrator
    An official:
        portal user add 林工 --phone 13900001234 --role official --unit HOUSING

    The link works once, within seven days; hand it over in person. `portal user link` makes another.
    """
    if ROLES[role].scope == "unit" and not unit_code:
        raise click.UsageError(f"the role {role} needs a unit: add --unit CODE")
    if not (staff_number or phone or email):
        raise click.UsageError("give at least one of --staff-number, --phone and --email to sign in with")
    now = clock.now()
    with transaction() as db:
        unit_id = _unit_id(db, unit_code) if unit_code else None
        person = service.add_person(
            db, now, SYSTEM, name, staff_number=staff_number, phone=phone, email=email
        )
        today = clock.local_date(now, settings().timezone)
        act = service.propose_appointment if role in TWO_PERSON_ROLES else service.appoint
        act(db, now, SYSTEM, person.id, role, unit_id=unit_id, starts_on=today)
        token = signing_in.make_link(db, now, SYSTEM, person.id)
    if role in TWO_PERSON_ROLES:
        click.echo(f"{role} takes two persons: an administrator grants it on the person's page", err=True)
    click.echo(
        f"{person.name} added as {role}{f' of {unit_code}' if unit_code else ''}; to sign in once:", err=True
    )
    click.echo(_link(token))


@user.command("link")
@click.argument("name_or_number")
@in_app
def link_user(name_or_number: str) -> None:
    """Print a new one-time sign-in link for the person with this staff number, phone, e-mail or full name.

    Links given before are void. Choosing a password with it ends every sign-in and takes the second factor
    off, since whoever needs a link may have lost the phone too.
    """
    now = clock.now()
    with transaction() as db:
        person = person_called(db, name_or_number)
        token = signing_in.make_link(db, now, SYSTEM, person.id)
    click.echo(f"{person.name}, to sign in once within seven days:", err=True)
    click.echo(_link(token))


@click.group()
def unit() -> None:
    """The tree of units."""


@unit.command("import")
@FILE
@DRY_RUN
@in_app
def import_units(file: Path, dry_run: bool) -> None:
    """Add and change units from FILE, a CSV table with a header.

    \b
    code           must; never given again            (代码)
    name           must                               (名称)
    short_name     default: the name                  (简称)
    name_en        in English                         (英文名)
    slug           address of its page; made from the name's sound when empty
    parent         code of the unit above; the rows may come in any order   (上级)
    duties, phone  shown to the public                (职责, 电话)
    handles_cases  yes or no; default yes             (是否承办)
    sort           a whole number                     (排序)

    UTF-8 or GB 18030, parted by commas or tabs. Columns the file lacks stay as they are. Rows are known by
    their code, so running it again changes nothing; units are never deleted by it. Bad rows are told by
    line and the good ones kept (exit code 1).
    """
    _import(file, importing.UNITS, dry_run)


@click.group()
def area() -> None:
    """The tree of areas."""


@area.command("import")
@FILE
@DRY_RUN
@in_app
def import_areas(file: Path, dry_run: bool) -> None:
    """Add and change areas from FILE: code, name, name_en, parent, sort, active (代码, 名称, 英文名, 上级, 排序, 启用).

    The rules are those of `portal unit import`.
    """
    _import(file, importing.AREAS, dry_run)


@click.group()
def category() -> None:
    """The categories of appeals."""


@category.command("import")
@FILE
@DRY_RUN
@in_app
def import_categories(file: Path, dry_run: bool) -> None:
    """Add and change categories from FILE: code, name, name_en, description, sort, active.

    The rules are those of `portal unit import`.
    """
    _import(file, importing.CATEGORIES, dry_run)


@click.group()
def channel() -> None:
    """The channels appeals come through."""


@channel.command("import")
@FILE
@DRY_RUN
@in_app
def import_channels(file: Path, dry_run: bool) -> None:
    """Add and change channels from FILE: code, name, name_en, kind, staff_only, sort, active.

    kind is one of online, phone, paper, visit, system. The rules are those of `portal unit import`.
    """
    _import(file, importing.CHANNELS, dry_run)


@click.group()
def calendar() -> None:
    """The official calendar: public holidays and make-up days."""


@calendar.command("import")
@FILE
@click.option(
    "--complete", is_flag=True, help="Mark the years the file covers as complete: they count from now on."
)
@DRY_RUN
@in_app
def import_calendar(file: Path, complete: bool, dry_run: bool) -> None:
    """Load holidays and make-up days from FILE: date, name, is_off_day (1 off, 0 worked), as published.

    A year is covered if its 1 January and 1 October are in the file; days of other years are only added. A
    year counts only once it is marked complete, and until then Monday to Friday is used and said beside
    each date. Dates given before stay as they are. With a bad line nothing is loaded.
    """
    sheet = _read(file, calendars.COLUMNS)
    with transaction() as db:
        result = calendars.import_days(db, clock.now(), SYSTEM, sheet.rows, complete=complete)
        if dry_run:
            db.rollback()
    for loaded in result.years:
        click.echo(_told_year(loaded))
    _finish(file, result.refused, dry_run)


def _import(file: Path, kind: importing.Kind, dry_run: bool) -> None:
    sheet = _read(file, kind.columns)
    with transaction() as db:
        tally = importing.import_rows(db, clock.now(), SYSTEM, kind, sheet.rows)
        if dry_run:
            db.rollback()
    click.echo(str(tally))
    _finish(file, tally.refused, dry_run)


def _read(file: Path, columns: Iterable[Column]) -> Sheet:
    sheet = read(file.read_bytes(), tuple(columns))
    for name, meant in sheet.ignored.items():
        hint = f"; did you mean {meant}?" if meant else ""
        click.echo(f"{file.name}: column “{name}” is not known and was left out{hint}", err=True)
    return sheet


def _finish(file: Path, refused: list[tuple[int, PortalError]], dry_run: bool) -> None:
    for line, error in refused:
        click.echo(f"{file.name}:{line}: {_told(error)}", err=True)
    if dry_run:
        click.echo("dry run: nothing was changed", err=True)
    if refused:
        raise SystemExit(1)


def _told(error: PortalError) -> str:
    words = error.message or REFUSALS.get(error.code, "") or error.code
    return words % error.params if error.params else words


def _told_year(loaded: calendars.Loaded) -> str:
    state = "complete" if loaded.complete else "not complete, so Monday to Friday is used"
    if not loaded.covered:
        state += "; this file has only some of its days"
    done = f"{loaded.added} added, {loaded.taken_away} taken away" if loaded.changed else "known"
    return f"{loaded.year}: {loaded.off} days off, {loaded.worked} make-up days ({done}); {state}"


def _link(token: str) -> str:
    return f"{settings().base_url}/account/welcome/{token}"


def _unit_id(db: Session, code: str) -> int:
    ids: dict[str, int] = {row.code: row.id for row in db.execute(select(Unit.code, Unit.id))}
    if code not in ids:
        near = get_close_matches(code, ids, n=3, cutoff=0.5)
        hint = f"; near it: {', '.join(near)}" if near else "; load units with `portal unit import`"
        raise NotFound("no_unit", f"there is no unit with the code {code}{hint}")
    return ids[code]
