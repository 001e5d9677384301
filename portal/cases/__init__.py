"""Appeals and cases: the loop from submission to closure. No public page reads these tables."""

from flask import Flask

from portal.kernel.words import N_


def init_app(app: Flask) -> None:
    """Register blueprints, subscribers and menu items."""
    from portal.cases import alerts, desk, jobs, subscribers, telling
    from portal.cases.desk.panels import load_today
    from portal.web import menus

    desk.init_app(app)
    jobs.register()
    subscribers.register()
    alerts.register()
    telling.register()
    menus.add("desk", menus.MenuItem("desk.start", N_("Today"), 10, "desk.use"))
    menus.add("desk", menus.MenuItem("case_desk.worklist", N_("Cases"), 20, "case.read"))
    menus.add("desk", menus.MenuItem("case_desk.rules", N_("Rules"), 70, "rule.edit"))
    menus.add("desk", menus.MenuItem("case_desk.templates", N_("Templates"), 75, "template.use"))
    menus.add_panel(menus.Panel("today", "desk", 10, "cases/_today.html", load_today))
