"""`portal user|unit|area …`: people and trees from the command line."""

import click

COMMANDS: list[click.Command] = []
