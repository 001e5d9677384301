"""Commands of the web floor: routes and translations. `in_app` gives other commands the application."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from flask import Flask

from portal.web import catalogues
from portal.web.access import declared_access

Result = TypeVar("Result")


def _application() -> Flask:
    from importlib import import_module

    made: Flask = import_module("portal.app").create_app()
    return made


def in_app(command: Callable[..., Result]) -> Callable[..., Result]:
    """Run a command inside the application, so that `transaction()` and `settings()` work in it."""

    @wraps(command)
    def inside(*args: Any, **kwargs: Any) -> Result:
        with _application().app_context():
            return command(*args, **kwargs)

    return inside


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def routes(as_json: bool) -> None:
    """Every route with its methods and the permission it declares."""
    app = _application()
    rows = [
        {
            "rule": rule.rule,
            "endpoint": rule.endpoint,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "access": declared_access(app, rule.endpoint),
        }
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{','.join(row['methods']):10} {row['access']!s:24} {row['rule']}")


@click.group()
def translations() -> None:
    """The catalogues: what is missing, and the Traditional Chinese draft."""


@translations.command("compile")
def compile_translations() -> None:
    """Compile what is stale, for an installation whose server may not write to the program's own folder."""
    catalogues.compile_stale()
    click.echo("translations compiled")


@translations.command("check")
def check_translations() -> None:
    """List messages without a translation; exit code 1 if there are any."""
    failed = False
    for locale in catalogues.WRITTEN:
        for message, places in sorted(catalogues.missing(locale).items()):
            failed = True
            click.echo(f"{locale}: {message!r}  {places[0]}")
    raise SystemExit(1 if failed else 0)


@translations.command("hant")
def draft_hant() -> None:
    """Draft zh_Hant from zh_Hans; entries commented `kept` stay as they are."""
    for name in catalogues.draft_hant():
        click.echo(f"zh_Hant/{name} drafted")
