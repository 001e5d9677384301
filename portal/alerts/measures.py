"""What the metrics say of the outbox: counts and seconds."""

from flask import Flask

from portal.alerts import queries
from portal.kernel import clock
from portal.web import health
from portal.web.database import reader


def register(app: Flask) -> None:
    """Make the measures known."""
    health.register_measure(app, "portal_alert_deliveries", _deliveries)
    health.register_measure(app, "portal_alert_oldest_due_seconds", _late)


def _deliveries() -> health.Measures:
    waiting, dead, _seconds = queries.outbox(reader(), clock.now())
    return {'state="waiting"': float(waiting), 'state="dead"': float(dead)}


def _late() -> health.Measures:
    return {"": queries.outbox(reader(), clock.now())[2]}
