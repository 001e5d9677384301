"""`portal intake …`: appeals in bulk from a table, and the maps there are for it."""

import sys
import time
from difflib import get_close_matches
from pathlib import Path

import click
from sqlalchemy import select

from portal.cases.models import Channel
from portal.identity.actors import SYSTEM
from portal.intake.importing import maps
from portal.intake.importing.checking import Checker
from portal.intake.importing.reading import Opened, open_table
from portal.intake.importing.running import Order, Tally, Told, checker_for, steps
from portal.kernel import clock
from portal.kernel.errors import Invalid
from portal.web.commands import in_app
from portal.web.database import database, settings

EVERY = 0.2
MOST_UNLISTED = 10


@click.group()
def intake() -> None:
    """How appeals come in: bulk imports."""


@intake.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--channel", "channel_name", required=True, help="Code or name of the channel they came through."
)
@click.option(
    "--map", "map_name", metavar="MAP.toml", help="A map file, or a shipped map; default: the one that fits."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option(
    "--open", "as_new", is_flag=True, help="Appeals without a reply are new: their clocks run from now."
)
@in_app
def import_table(file: Path, channel_name: str, map_name: str | None, dry_run: bool, as_new: bool) -> None:
    """Take in the appeals of FILE, a CSV or XLSX table with a header.

    They become history, found at the desk by search, with the dates they had: no clock runs, nobody is
    alerted and nothing is published. Appeals with a reply come in as answered. Rows are known by channel and
    number (rows without one by what they say), so running it again adds nothing twice, also after it was
    cut short. Bad rows are told by line and the good ones kept (exit code 1).

    Maps say which column is what: `portal intake maps` lists those that come along.
    """
    channel = _channel(channel_name)
    opened = _open(file, map_name)
    keys, zone = settings().keys, settings().timezone
    now = clock.now()
    checker = checker_for(database(), opened, now, keys, zone)
    progress = Progress()
    order = Order(channel, SYSTEM, open=as_new, dry_run=dry_run)
    told = Told(lambda line, error: progress.say(f"{file.name}:{line}: {error}"))
    tally = Tally()
    try:
        for tally in steps(database(), keys, now, checker, order, told):
            progress.at(tally)
    finally:
        progress.clear()
    _finish(checker, tally, dry_run)


@intake.command("maps")
def list_maps() -> None:
    """List the maps that come with the portal."""
    for one in maps.shipped():
        click.echo(f"{one.name:16} {one.title}")


def _channel(name: str) -> Channel:
    with database().reading() as db:
        channels = db.scalars(select(Channel).where(Channel.active).order_by(Channel.sort, Channel.id)).all()
    for channel in channels:
        if name in (channel.code, channel.name, channel.name_en):
            return channel
    codes = [channel.code for channel in channels]
    near = get_close_matches(name, codes, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(codes)}."
    raise click.BadParameter(f"there is no channel “{name}”; {hint}", param_hint="--channel")


def _open(file: Path, map_name: str | None) -> Opened:
    try:
        wanted = (maps.find(map_name),) if map_name else maps.shipped()
    except Invalid as error:
        raise click.BadParameter(str(error), param_hint="--map") from error
    opened = open_table(file, wanted)
    if not map_name:
        click.echo(f"{file.name}: read by the map {opened.map.name} ({opened.map.title})", err=True)
    if opened.unknown:
        click.echo(
            f"{file.name}: not in the map, kept sealed with each row: {', '.join(opened.unknown)}", err=True
        )
    return opened


def _finish(checker: Checker, tally: Tally, dry_run: bool) -> None:
    for (field, value), count in checker.not_listed.most_common(MOST_UNLISTED):
        click.echo(f"{field} “{value}” is not known here ({count} rows): left as the map has it", err=True)
    if dry_run:
        click.echo("dry run: nothing was changed", err=True)
    click.echo(str(tally))
    if tally.refused:
        raise SystemExit(1)


class Progress:
    """A line on a terminal that says how far the import is; nothing when piped."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.began = self.last = time.monotonic()

    def at(self, tally: Tally) -> None:
        """A batch is done."""
        moment = time.monotonic()
        if self.shown and moment - self.last >= EVERY:
            self.last = moment
            rate = tally.rows / (moment - self.began)
            click.echo(f"\r\x1b[K{tally.rows:,} rows, {rate:,.0f} a second", nl=False, err=True)

    def say(self, words: str) -> None:
        """A line of its own, above the progress."""
        self.clear()
        click.echo(words, err=True)

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)
