"""Commitments (承诺): who does what by when, promised in public; followed up, changed and ended by two persons."""

from flask import Flask

from portal.kernel.words import N_


def init_app(app: Flask) -> None:
    """Register the desk, panels, menu items and subscribers."""
    from portal.commitments import desk, subscribers
    from portal.commitments.desk import panels
    from portal.web.menus import MenuItem, Panel, add, add_panel

    subscribers.register()
    desk.init_app(app)
    add("desk", MenuItem("commitment_desk.commitments", N_("Commitments"), 30, "commitment.read"))
    add_panel(Panel("commitments", "case", 40, "commitments/_case_panel.html", panels.load_case))
    add_panel(Panel("commitments", "desk", 40, "commitments/_today.html", panels.load_today))
