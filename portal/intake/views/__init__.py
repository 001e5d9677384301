"""The public's door: submitting an appeal, following it, its files."""

from flask import Blueprint

blueprint = Blueprint("appeals", __name__)

from portal.intake.views import acts, answering, following, submitting, tracking  # noqa: E402, F401
