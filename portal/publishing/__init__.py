"""What the public may read: released projections of cases. Public pages read these tables and no others."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register blueprints, subscribers and menu items."""
