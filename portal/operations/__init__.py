"""The operator's commands over the whole house: the database, backups, the check."""

import click

from portal.operations.check import check
from portal.operations.database import db

COMMANDS: list[click.Command] = [db, check]
