"""Pages rendered without the page cache, in this process: processor time per answer, both sides in turns.

No server and no socket between, so that nothing that both sides share hides the difference.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time
from typing import Any
from unittest import mock
from wsgiref.util import setup_testing_defaults

from flask import Flask, template_rendered

from bench.portal_site import environment
from portal.app import create_app
from portal.settings import load
from portal.web.templates import warm

ANSWERS = 60
"""Per measurement."""


def uncached(folder: Path) -> Flask:
    """The portal on that database, without its page cache."""
    with mock.patch.dict("os.environ", environment(str(folder))):
        app = create_app(load(), owner=True)
    app.extensions["portal_page_cache"].keys.key = lambda environ: None
    warm(app)
    return app


def constant(app: Flask, path: str) -> Flask:
    """Bare Flask with the portal's templates and addresses and one answer's values: the same template with
    constant rows, without a query, hook or context processor."""
    caught: list[tuple[Any, dict[str, Any]]] = []

    def catch(sender: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
        caught.append((template, dict(context)))

    with template_rendered.connected_to(catch, app):
        answer = app.test_client().get(path)
    if answer.status_code != 200 or len(caught) != 1:
        raise RuntimeError(f"{path}: {answer.status}, {len(caught)} templates")
    template, values = caught[0]
    bare = Flask("bare", static_folder=None)
    bare.extensions, bare.url_map, bare.secret_key = app.extensions, app.url_map, app.secret_key
    settings = ((name, app.config[name]) for name in app.config if name.startswith(("BABEL", "PORTAL")))
    bare.config.update(settings)
    bare.view_functions = dict.fromkeys(app.view_functions, lambda **_: template.render(values))
    return bare


def answers(app: Callable[..., Iterable[bytes]], path: str) -> Callable[[], float]:
    """A measurement: milliseconds of processor time per answer of that page."""
    target, _, query = path.partition("?")

    def ask() -> None:
        environ: dict[str, Any] = {
            "PATH_INFO": target,
            "QUERY_STRING": query,
            "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        }
        setup_testing_defaults(environ)
        said: list[str] = []
        result = app(
            environ, lambda status, headers, exc_info=None: said.append(status) or (lambda data: None)
        )
        length = len(b"".join(result))
        getattr(result, "close", lambda: None)()
        if not said[0].startswith("200") or length < 1000:
            raise RuntimeError(f"{path}: {said[0]}, {length} bytes")

    def measure() -> float:
        began = process_time()
        for _ in range(ANSWERS):
            ask()
        return (process_time() - began) / ANSWERS * 1000

    return measure
