"""The staff's door to commitments, one file per ability. Views parse, make one call and render; nothing else."""

from flask import Blueprint, Flask

blueprint = Blueprint("commitment_desk", __name__, url_prefix="/desk")


def init_app(app: Flask) -> None:
    """Register every ability's views."""
    from portal.commitments.desk import deciding, listing, making, page, writing  # noqa: F401

    app.register_blueprint(blueprint)
