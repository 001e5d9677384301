"""`portal …`: collects the features' commands. Exit codes: 0 done, 1 failed (one line on stderr), 2 wrong usage."""

import sys
from importlib import import_module

import click
from sqlalchemy.exc import DBAPIError

from portal import __version__
from portal.kernel.errors import PortalError
from portal.settings import UnsafeSettings

COMMAND_MODULES = (
    "portal.web.commands",
    "portal.administration.commands",
    "portal.cases.commands",
    "portal.intake.commands",
    "portal.demo.commands",
    "portal.operations",
)


class Group(click.Group):
    """The command group; its members are imported only when a command is looked up."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._collect()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._collect()
        return super().get_command(ctx, cmd_name)

    def _collect(self) -> None:
        if self.commands:
            return
        for module in COMMAND_MODULES:
            for command in import_module(module).COMMANDS:
                self.add_command(command)


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
