"""What is asked and sent, without NUL: nobody types it, SQLite keeps it, and PostgreSQL refuses all beside it.

It is taken out here, once, rather than at each of the places where a text could reach a database.
"""

from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

NUL = "\x00"
Texts = MultiDict[str, str]


def without_nul(sent: Texts) -> Texts:
    """The same, or a copy in which no name and no value has one."""
    if not any(NUL in name or NUL in value for name, value in sent.items(multi=True)):
        return sent
    return ImmutableMultiDict(
        [(name.replace(NUL, ""), value.replace(NUL, "")) for name, value in sent.items(multi=True)]
    )


class Asked(Request):
    """A request whose texts a database can take."""

    @cached_property
    def args(self) -> Any:
        return without_nul(super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = without_nul(self.__dict__["form"])
        for upload in self.__dict__["files"].values():
            upload.filename = (upload.filename or "").replace(NUL, "") or upload.filename


def init_app(app: Flask) -> None:
    """Read requests this way. No address of ours has the sign."""
    app.request_class = Asked

    @app.before_request
    def nowhere() -> None:
        if NUL in request.path:
            abort(404)
