"""The other side of figure 7: Flask with one view that says hello, on the same server as the portal."""

from portal.serve import Options, run  # isort: skip - patches first

import sys

from flask import Flask


def build() -> Flask:
    app = Flask("hello")

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app


if __name__ == "__main__":
    sys.exit(run(build, Options(port=0, access_log="off")))
