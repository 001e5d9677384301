"""The front page and the portal's own text pages."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and the footer's links."""
    from portal.home import views
    from portal.kernel.words import N_
    from portal.web import menus

    app.register_blueprint(views.blueprint)
    for sort, (name, label) in enumerate(
        (
            ("about", N_("About the lounge")),
            ("help", N_("How it works and how long it takes")),
            ("accessibility", N_("Accessibility")),
            ("privacy", N_("Privacy")),
        )
    ):
        menus.add("footer", menus.MenuItem(f"home.{name}", label, sort))
