"""The staff's start page."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from portal.desk import views

    app.register_blueprint(views.blueprint)
