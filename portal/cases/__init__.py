"""Appeals and cases: the loop from submission to closure. No public page reads these tables."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register blueprints, subscribers and menu items."""
