"""The operator's commands over the whole house: the server, the database, backups, the check."""

import click

from portal.operations.check import check
from portal.operations.database import db
from portal.operations.serving import serve
from portal.operations.ticking import tick

COMMANDS: list[click.Command] = [serve, db, check, tick]
