"""The staff's door to publication, one file per ability."""

from flask import Blueprint, Flask

blueprint = Blueprint("releases", __name__, url_prefix="/desk")


def init_app(app: Flask) -> None:
    """Register every ability's views."""
    from portal.publishing.desk import deciding, drafts, published, queue  # noqa: F401

    app.register_blueprint(blueprint)
