"""Outcomes (成果): what stays. Written by one person, released by another, corrected only by a new entry."""

from flask import Flask

from portal.kernel.words import N_


def init_app(app: Flask) -> None:
    """Register pages, menu items, the panel of the case page, and what followers are told."""
    from portal.outcomes import desk, followed, views
    from portal.outcomes.panels import load_case
    from portal.web import menus

    followed.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk.blueprint)
    menus.add("public", menus.MenuItem("outcomes.index", N_("Outcomes"), 30))
    menus.add("desk", menus.MenuItem("outcome_desk.index", N_("Outcomes"), 65, "outcome.draft"))
    menus.add_panel(menus.Panel("outcomes", "case", 60, "outcomes/_case_panel.html", load_case))
