"""Commitments (承诺): who does what by when, promised in public; followed up, changed and ended by two persons."""

from flask import Flask

from portal.kernel.words import N_


def init_app(app: Flask) -> None:
    """Register pages, desk, panels, menu items, alerts and subscribers."""
    from portal.commitments import alerts, desk, panels, subscribers, views
    from portal.commitments.desk import panels as desk_panels
    from portal.web.menus import MenuItem, Panel, add, add_panel

    subscribers.register()
    alerts.register()
    app.register_blueprint(views.blueprint)
    desk.init_app(app)
    add("public", MenuItem("commitments.commitments", N_("Commitments"), 20))
    add("desk", MenuItem("commitment_desk.commitments", N_("Commitments"), 30, "commitment.read"))
    add_panel(Panel("commitments", "case", 40, "commitments/_case_panel.html", desk_panels.load_case))
    add_panel(Panel("commitments", "desk", 40, "commitments/_today.html", desk_panels.load_today))
    add_panel(Panel("commitments", "front", 20, "commitments/_front.html", panels.load_front))
    add_panel(Panel("commitments", "unit", 20, "commitments/_unit.html", panels.load_unit))
