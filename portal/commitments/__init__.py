"""Commitments (承诺): who does what by when, promised in public; followed up, changed and ended by two persons."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register subscribers."""
    from portal.commitments import subscribers

    subscribers.register()
