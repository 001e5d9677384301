"""`portal tick`: run what is due once, for installations that prefer a scheduler of their own."""

import click

from portal.app import create_app
from portal.kernel import clock, jobs


@click.command()
def tick() -> None:
    """Run what is due once, and exit; says what ran."""
    app = create_app()
    with app.app_context():
        ran = jobs.tick(app.extensions["portal_database"], clock.now())
    click.echo(f"ran {', '.join(ran)}" if ran else "nothing was due")
