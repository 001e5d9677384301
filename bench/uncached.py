"""The portal without its page cache, on the real server: every request is rendered. `python -m bench.uncached`.

With `--constant PATH` it is the other side of figure 6: PATH is rendered once for real, and from then on bare
Flask renders the same template with the same values, without a query, hook or context processor.
"""

from portal.serve import Options, run  # isort: skip - patches first

import argparse
import os
import sys
from typing import Any

from flask import Flask, template_rendered

from portal.app import create_app
from portal.settings import load
from portal.web.templates import warm


def uncached() -> Flask:
    app = create_app(load(), owner=True)
    app.extensions["portal_page_cache"].keys.key = lambda environ: None
    warm(app)
    return app


def constant(path: str) -> Flask:
    """Bare Flask with the portal's templates and addresses, and one answer's values."""
    app = uncached()
    caught: list[tuple[Any, dict[str, Any]]] = []

    def catch(sender: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
        caught.append((template, dict(context)))

    with template_rendered.connected_to(catch, app):
        answer = app.test_client().get(path)
    assert answer.status_code == 200 and len(caught) == 1, f"{path}: {answer.status}, {len(caught)} templates"
    template, values = caught[0]
    bare = Flask("bare", static_folder=None)
    bare.extensions, bare.url_map, bare.secret_key = app.extensions, app.url_map, app.secret_key
    bare.config.update(
        {name: value for name, value in app.config.items() if name.startswith(("BABEL", "PORTAL"))}
    )
    bare.view_functions = dict.fromkeys(app.view_functions, lambda **_: template.render(values))
    return bare


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--constant", default="")
    path = parser.parse_args().constant
    options = Options(port=int(os.environ.get("PORTAL_PORT", "0")), access_log="off")
    sys.exit(run((lambda: constant(path)) if path else uncached, options))
