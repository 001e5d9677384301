"""Domain errors. Raised by rules and services, translated in one place to page, fragment or exit code.

A message is an English source text with named holes; it is translated where the reader's language is known.
"""

from typing import Any


class PortalError(Exception):
    """Something a person can be told. `code` is stable and machine-readable; `message` is for people."""

    status = 400

    def __init__(self, code: str, message: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params

    def __str__(self) -> str:
        text = self.message or self.code
        return text % self.params if self.params else text


class Invalid(PortalError):
    """The input has the wrong shape or breaks a rule; nothing was changed. `field` names the culprit, if any."""

    status = 422

    def __init__(self, code: str, message: str = "", *, field: str | None = None, **params: Any) -> None:
        super().__init__(code, message, **params)
        self.field = field


class Refused(PortalError):
    """The rules do not allow this act now (a transition, a second try, the same person twice)."""

    status = 409


class Conflict(PortalError):
    """Somebody else changed the thing in the meantime."""

    status = 409


class NotFound(PortalError):
    """There is no such thing, or this actor may not know that there is."""

    status = 404


class Forbidden(PortalError):
    """The actor may not do this."""

    status = 403


class TooMany(PortalError):
    """Too many tries; `retry_after` is in seconds."""

    status = 429

    def __init__(self, code: str, message: str = "", *, retry_after: int, **params: Any) -> None:
        super().__init__(code, message, **params)
        self.retry_after = retry_after
