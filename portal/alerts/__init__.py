"""Alerts (提醒): messages to one person, and the public's subscriptions. Never called notices."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register kinds, jobs and pages."""
    from portal.alerts import desk, jobs, kinds, measures, views
    from portal.alerts.confirming import CONFIRM_KIND

    kinds.register(CONFIRM_KIND)
    jobs.register(app)
    measures.register(app)
    app.register_blueprint(desk.blueprint)
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["follow_url"] = views.address
    app.jinja_env.globals["unread_alerts"] = desk.unread
