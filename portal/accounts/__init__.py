"""Sign-in and security settings of the staff."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from portal.accounts import demo_views, security, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(security.blueprint)
    app.register_blueprint(demo_views.blueprint)
