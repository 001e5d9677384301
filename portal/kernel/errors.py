"""The errors that rules and services raise. Doors translate them to a page, a fragment, an answer or an ack.

An error carries a code (stable, for machines and translations) and plain parameters; never a sentence,
never personal text.
"""


class PortalError(Exception):
    """Base of all expected errors."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class Invalid(PortalError):
    """A value that cannot be taken."""


class Refused(PortalError):
    """A rule of the domain does not allow this now."""


class Conflict(PortalError):
    """Somebody else was first; look again."""


class NotFound(PortalError):
    """There is no such thing, or none for you."""


class Forbidden(PortalError):
    """You may not."""
