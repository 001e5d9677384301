"""Sign-in and security settings of the staff."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from portal.accounts import views

    app.register_blueprint(views.blueprint)
