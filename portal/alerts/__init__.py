"""Alerts (提醒): messages to one person, and the public's subscriptions. Never called notices."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register kinds, jobs and pages."""
    from portal.alerts import desk, jobs, kinds
    from portal.alerts.confirming import CONFIRM_KIND

    kinds.register(CONFIRM_KIND)
    jobs.register(app)
    app.register_blueprint(desk.blueprint)
    app.jinja_env.globals["unread_alerts"] = desk.unread
