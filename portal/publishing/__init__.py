"""What the public may read: released projections of cases. Public pages read these tables and no others."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register pages, desk, panels, menu items and subscribers."""
    from portal.kernel.words import N_
    from portal.publishing import desk, followed, panels, subscribers, views
    from portal.web.menus import MenuItem, Panel, add, add_panel

    subscribers.register()
    followed.register()
    app.register_blueprint(views.blueprint)
    desk.init_app(app)
    add("public", MenuItem("publishing.cases", N_("Cases"), 10))
    add("desk", MenuItem("releases.queue", N_("Releases"), 40, permission="publication.release"))
    add_panel(Panel("publication", "case", 50, "publishing/_case_panel.html", panels.load_case))
    add_panel(Panel("publication", "desk", 50, "publishing/_today.html", panels.load_today))
