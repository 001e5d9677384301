"""`portal demo`: the demonstration city in an empty database."""

import sys

import click

from portal.app import create_app
from portal.demo import loading
from portal.demo.scale import SIZES
from portal.kernel import clock, codes
from portal.kernel.db import Database
from portal.kernel.errors import Refused
from portal.kernel.words import N_
from portal.settings import load


@click.command()
@click.option(
    "--size",
    type=click.Choice(["small", "city", "large"]),
    default="small",
    show_default=True,
    help="small: 120 cases by hand; city: about 10,000 more; large: 100,000.",
)
def demo(size: str) -> None:
    """Load the demonstration city; a city that is there already stays as it is."""
    settings = load()
    if not settings.demo:
        raise Refused("no_demo", N_("Set PORTAL_DEMO=1 first: a demonstration never mixes with real work."))
    with Database(settings.database_url).reading() as db:
        if loading.is_loaded(db):
            click.echo("demonstration city is there")
            return
    # The application, for what its features do when they hear of each other's acts.
    database = create_app(settings).extensions["portal_database"]
    loaded = loading.load(database, clock.now(), settings.upload_dir, SIZES.get(size, 0), _progress)
    click.echo(f"demonstration city loaded: {loaded.people} people, {loaded.cases} cases")
    if loaded.example is not None:
        click.echo(f"follow one: {loaded.example.receipt} with code {codes.display(loaded.example.code)}")


def _progress(done: int, count: int) -> None:
    """A line on a terminal; nothing when piped."""
    if sys.stderr.isatty():
        end = "\n" if done == count else ""
        click.echo(f"\r{done:,} of {count:,} cases{end}", nl=False, err=True)
