"""Public pages of the units: who is responsible for what."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and the menu item."""
    from portal.kernel.words import N_
    from portal.units import views
    from portal.web import menus

    app.register_blueprint(views.blueprint)
    menus.add("public", menus.MenuItem("units.index", N_("Units"), 60))
