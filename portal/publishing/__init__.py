"""What the public may read: released projections of cases. Public pages read these tables and no others."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register blueprints, subscribers and menu items."""
    from portal.kernel.words import N_
    from portal.publishing import subscribers, views
    from portal.web.menus import MenuItem, add

    subscribers.register()
    app.register_blueprint(views.blueprint)
    add("public", MenuItem("publishing.cases", N_("Cases"), 10))
