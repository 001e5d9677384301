"""How appeals come in: the submission form, the asker's page, filing for a caller, imports in bulk."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register blueprints, subscribers and menu items."""
