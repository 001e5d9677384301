"""Public pages of the units: who is responsible for what."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register blueprints, subscribers and menu items."""
