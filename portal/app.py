"""The composition root: `create_app(settings)` puts the features together. Nothing imports this but doors."""

import sys
from importlib import import_module
from typing import Any

import structlog
from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from portal import migrations
from portal.kernel.db import Database
from portal.kernel.jobs import Timetable
from portal.settings import ROOT, Settings, load
from portal.web import (
    access,
    addresses,
    asked,
    database,
    errors,
    filters,
    guarding,
    headers,
    health,
    ids,
    locale,
    menus,
    rendering,
    templates,
)
from portal.web.form_cookie import FormCookie
from portal.web.pagecache import LocalDay, PageCache
from portal.web.proxies import TrustedProxies, parse_networks
from portal.web.static import StaticFiles, StaticLayer

FEATURES = (
    "portal.alerts",
    "portal.cases",
    "portal.publishing",
    "portal.notices",
    "portal.outcomes",
    "portal.intake",
    "portal.commitments",
    "portal.accounts",
    "portal.administration",
    "portal.desk",
    "portal.home",
    "portal.units",
)
LARGEST_FORM = 80 * 2**20


def create_app(settings: Settings | None = None, *, owner: bool = False) -> Flask:
    """The portal as a WSGI application. `owner` is set by the one long-lived server of an SQLite file."""
    settings = settings or load()
    import_module("portal.tables")
    app = Flask("portal", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=2 * 2**20,
        MAX_FORM_PARTS=500,
    )
    app.session_interface = FormCookie()
    app.url_map.strict_slashes = False
    addresses.init_app(app)
    asked.init_app(app)
    app.jinja_options = templates.options()
    ids.init_app(app)
    database.init_app(app, _open(settings, owner), settings)
    locale.init_app(app, settings.default_locale, str(settings.timezone))
    access.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    rendering.htmx.init_app(app)
    health.init_app(app)
    guarding.init_app(app, settings)
    headers.init_app(app, base_url=settings.base_url)
    files = StaticFiles(ROOT / "static")
    _teach_templates(app, settings, files)
    app.extensions["portal_jobs"] = Timetable(app.extensions["portal_database"])
    for feature in FEATURES:
        import_module(feature).init_app(app)
    _watch_version(app)
    _refuse_undeclared(app)
    _wrap(app, settings, files)
    return app


def _open(settings: Settings, owner: bool) -> Database:
    return Database(settings.database_url, keys=settings.keys, zone=settings.timezone, owner=owner)


def _watch_version(app: Flask) -> None:
    """A database that was upgraded, or restored, under a running process is no longer its own."""

    def probe() -> health.Probe:
        try:
            with app.extensions["portal_database"].reading() as db:
                fault = migrations.fault(db.connection())
        except SQLAlchemyError:
            return health.Probe(False, "cannot be read")
        return health.Probe(
            not fault, "not this release's: see `portal check`" if fault else "this release's"
        )

    health.register_probe(app, "database version", health.Kept(probe))


def _teach_templates(app: Flask, settings: Settings, files: StaticFiles) -> None:
    app.jinja_env.globals.update(
        demo=settings.demo,
        static_url=files.url,
        csrf_token=generate_csrf,
    )

    @app.context_processor
    def whoever_reads() -> dict[str, Any]:
        actor = access.current_actor()
        here = locale.current()
        return {
            "actor": actor,
            "site_name": settings.site_name[here],
            "city_name": settings.city_name[here],
            "locale": here,
            "html_lang": locale.HTML_LANG[here],
            "languages": locale.choices(),
            "nav": _labelled("public", actor),
            "desk_nav": _labelled("desk", actor) if actor.signed_in else [],
            "footer_nav": _labelled("footer", actor),
            "sign_in_url": "/account/sign-in",
            "sign_out_url": "/account/sign-out",
        }


def _labelled(menu: str, actor: Any) -> list[dict[str, Any]]:
    return [entry | {"label": filters.translated(entry["label"])} for entry in menus.entries(menu, actor)]


def _refuse_undeclared(app: Flask) -> None:
    """Deny by default: an endpoint that does not say who may reach it stops the start."""
    silent = [name for name in app.view_functions if access.declared_access(app, name) is None]
    if silent:
        raise RuntimeError(f"these endpoints declare no access: {', '.join(sorted(silent))}")


def _wrap(app: Flask, settings: Settings, files: StaticFiles) -> None:
    base: Database = app.extensions["portal_database"]
    inner = app.wsgi_app
    cached = PageCache(
        inner,
        version=base.version,
        day=LocalDay(settings.timezone),
        default_locale=settings.default_locale,
        private_cookies=(access.COOKIE,),
    )
    app.extensions["portal_page_cache"] = cached
    app.wsgi_app = TrustedProxies(  # type: ignore[method-assign]
        StaticLayer(cached, files, headers.security_headers(settings.base_url, headers.content_policy())),
        parse_networks(settings.trusted_proxies),
    )


def configure_logs(log_format: str) -> None:
    """Structured logs to stderr: JSON for machines, text for people."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
