"""`portal …`: collects the features' commands. Exit codes: 0 done, 1 failed (one line on stderr), 2 wrong usage."""

import sys
from importlib import import_module

import click
from sqlalchemy.exc import DBAPIError

from portal import __version__
from portal.kernel.errors import PortalError
from portal.settings import UnsafeSettings

COMMANDS = {
    "routes": "portal.web.commands",
    "translations": "portal.web.commands",
    "user": "portal.administration.commands",
    "unit": "portal.administration.commands",
    "area": "portal.administration.commands",
    "category": "portal.administration.commands",
    "channel": "portal.administration.commands",
    "calendar": "portal.administration.commands",
    "case": "portal.cases.commands",
    "intake": "portal.intake.commands",
    "demo": "portal.demo.commands",
    "serve": "portal.operations.serving",
    "db": "portal.operations.database",
    "check": "portal.operations.check",
    "tick": "portal.operations.ticking",
}
"""Where each command lives, under its own name."""


class Group(click.Group):
    """The command group; a command's module, and all it needs, is imported only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return found


@click.group(cls=Group)
@click.version_option(__version__, prog_name="portal")
def portal() -> None:
    """Open Lounge: a city's public accountability portal."""


def main() -> None:
    """Run a command; an expected error is one line, never a traceback."""
    try:
        portal(standalone_mode=True)
    except (PortalError, UnsafeSettings) as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(1)
    except DBAPIError as error:
        click.echo(
            f"portal: the database cannot be used ({type(error).__name__}): `portal db upgrade` makes it or brings "
            "it up to date, `portal check` says more",
            err=True,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
