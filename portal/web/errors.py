"""Every error in one place: what happened and what to do next, as a page, a fragment or plain text."""

import structlog
from flask import Flask, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.glossary import REFUSALS
from portal.kernel.errors import PortalError, TooMany
from portal.web.filters import told

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(PortalError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _domain(error: PortalError) -> Response:
    text = told(error) if error.message or error.code in REFUSALS else ""
    response = _answer(getattr(error, "status", 400), text)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()
    response = _answer(error.code, "")
    for name in ("Allow", "Retry-After"):
        for key, value in error.get_headers():
            if key == name:
                response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    # Never the message: it may hold what a person typed.
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    log.error("unexpected", error=type(error).__name__, where=where, route=str(request.url_rule))
    return _answer(500, "")


def _answer(status: int, text: str) -> Response:
    # One template says what happened and what to do next; htmx takes its #problem section out of the page.
    response = make_response(render_template("errors/error.html", code=status, text=text), status)
    response.headers["Cache-Control"] = "no-store"
    return response
