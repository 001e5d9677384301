"""The staff's door to cases, one file per ability. Views parse, make one call and render; nothing else."""

from flask import Blueprint, Flask

blueprint = Blueprint("case_desk", __name__, url_prefix="/desk")


def init_app(app: Flask) -> None:
    """Register every ability's views, and what their templates ask for."""
    from portal.cases.desk import (  # noqa: F401
        acts_end,
        acts_file,
        acts_office,
        acts_unit,
        bulk,
        case,
        filters,
        papers,
        rules,
        templates,
        worklist,
    )
    from portal.cases.desk.case import act_url
    from portal.cases.desk.papers import as_file
    from portal.cases.desk.reading import channel_named, named

    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(act_url=act_url, named=named, channel_named=channel_named)
    app.jinja_env.filters["as_file"] = as_file
