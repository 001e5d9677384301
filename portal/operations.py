"""`portal db|check …`: the operator's commands over the whole house."""

import click

COMMANDS: list[click.Command] = []
