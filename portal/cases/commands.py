"""`portal case …`: looking over all cases at once."""

import json
from dataclasses import asdict

import click

from portal.cases.queries.duplicates import Group, groups
from portal.web.commands import in_app
from portal.web.database import reader


@click.group()
def case() -> None:
    """Cases, looked over all at once."""


@case.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@in_app
def duplicates(as_json: bool) -> None:
    """List cases that are likely repeats of each other, in groups. Nothing is merged: a person decides."""
    found = groups(reader())
    if as_json:
        click.echo(json.dumps([_as_dict(group) for group in found], ensure_ascii=False, indent=1))
        return
    for group in found:
        click.echo(f"{len(group.cases)} cases, up to {group.pairs[0].likeness:.0%} alike")
        for one in group.cases:
            click.echo(f"  {one.ref}  {one.occurred_at:%Y-%m-%d}  {one.state:12} {one.title}")
    click.echo(f"{len(found)} groups of likely repeats", err=True)


def _as_dict(group: Group) -> dict[str, object]:
    return {
        "cases": [asdict(one) | {"occurred_at": one.occurred_at.isoformat()} for one in group.cases],
        "pairs": [asdict(pair) for pair in group.pairs],
    }
