"""Administration: people, units, areas, categories, channels and number series, by page and by command."""

from flask import Flask

from portal.kernel.words import N_
from portal.web import menus


def init_app(app: Flask) -> None:
    """Register the pages and the menus."""
    from portal.administration import desk
    from portal.administration.desk import (  # noqa: F401
        accounts,
        appointments,
        areas,
        calendar,
        categories,
        channels,
        limits,
        numbers,
        people,
        post,
        timetable,
        units,
    )

    app.register_blueprint(desk.blueprint)
    app.jinja_env.globals["admin_menu"] = desk.menu
    menus.add("desk", menus.MenuItem("administration.start", N_("Administration"), 90, "person.manage"))
    for endpoint, label, sort, permission in (
        ("administration.people_list", N_("People"), 10, "person.manage"),
        ("administration.unit_list", N_("Units"), 20, "unit.manage"),
        ("administration.area_list", N_("Areas"), 30, "area.manage"),
        ("administration.category_list", N_("Categories"), 40, "category.manage"),
        ("administration.channel_list", N_("Channels"), 50, "channel.manage"),
        ("administration.calendar", N_("Official calendar"), 52, "calendar.manage"),
        ("administration.limit_list", N_("Limits"), 54, "calendar.manage"),
        ("administration.series_list", N_("Document numbers"), 60, "number.manage"),
        ("administration.dead_letters", N_("Mails and texts"), 70, "jobs.see"),
        ("administration.job_list", N_("Timetable"), 80, "jobs.see"),
    ):
        menus.add("admin", menus.MenuItem(endpoint, label, sort, permission))
