"""Numbers in addresses: none that no row can have ever reaches a database."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**53 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in every route: larger numbers are simply not found."""

    def __init__(self, url_map: Map, **kwargs: Any) -> None:
        super().__init__(url_map, **({"max": LARGEST} | kwargs))


def row_number(typed: str) -> int:
    """A row's number from a query or a hidden field; 0, which no row has, for what is none."""
    plain = typed.isascii() and typed.isdecimal() and len(typed) < 17
    return min(int(typed), LARGEST) if plain else 0


def init_app(app: Flask) -> None:
    """Before any route is registered."""
    app.url_map.converters["int"] = RowNumber
