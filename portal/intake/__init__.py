"""How appeals come in: the submission form, the asker's page, filing for a caller, imports in bulk."""

from flask import Flask

from portal.kernel.words import N_


def init_app(app: Flask) -> None:
    """Register blueprints, subscribers and menu items."""
    from portal.intake import alerts, desk, desk_imports, jobs, subscribers, views
    from portal.intake.importing import job
    from portal.intake.panels import load_suspicions
    from portal.web import menus

    jobs.register(app.extensions["portal_settings"].upload_dir)
    job.register()
    subscribers.register()
    alerts.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk.blueprint)
    app.register_blueprint(desk_imports.blueprint)
    menus.add("public", menus.MenuItem("appeals.new", N_("Submit"), 5))
    menus.add("public", menus.MenuItem("appeals.track", N_("Follow"), 6))
    menus.add("desk", menus.MenuItem("intake_desk.new", N_("File for a caller"), 30, "appeal.file"))
    menus.add("desk", menus.MenuItem("imports.start", N_("Import appeals"), 40, "intake.import"))
    menus.add_panel(menus.Panel("suspected", "case", 5, "intake/_suspected.html", load_suspicions))
