"""The front page."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from portal.home import views

    app.register_blueprint(views.blueprint)
