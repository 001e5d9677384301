"""Numbers of rows in addresses: at most fifteen digits. What no database can hold is not found, never an error."""

import re

from flask import Flask, request
from werkzeug.routing import IntegerConverter

_ID = re.compile(r"[0-9]{1,15}")


class IdConverter(IntegerConverter):
    """`<int:…>` in routes."""

    regex = r"[0-9]{1,15}"


def init_app(app: Flask) -> None:
    """Let every `<int:…>` of the routes be such a number. Before any route is registered."""
    app.url_map.converters["int"] = IdConverter


def id_argument(name: str) -> int | None:
    """A row's number from the query string; nonsense counts as none."""
    value = request.args.get(name, "")
    return int(value) if _ID.fullmatch(value) else None
