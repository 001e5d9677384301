"""Notices (公示公告): what the city tells everybody. Written, reviewed by a second person, published to the minute."""

from flask import Flask

from portal.kernel.words import N_


def init_app(app: Flask) -> None:
    """Register pages, menu items, the panel of the front page and the job."""
    from portal.notices import desk, followed, jobs, views
    from portal.notices.panels import load_newest
    from portal.web import menus

    jobs.register()
    followed.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk.blueprint)
    menus.add("public", menus.MenuItem("notices.index", N_("Notices"), 40))
    menus.add("desk", menus.MenuItem("notice_desk.index", N_("Notices"), 60, "notice.draft"))
    menus.add_panel(menus.Panel("notices", "front", 40, "notices/_newest.html", load_newest))
