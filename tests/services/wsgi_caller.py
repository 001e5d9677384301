"""A caller of WSGI apps for the tests below Flask."""

from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes
    environ: dict[str, Any]


def call(app: Any, target: str = "/", method: str = "GET", **headers: str) -> Reply:
    """Send one request through `app`, checked against the WSGI rules on both sides."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path}
    environ |= {"QUERY_STRING": query, "HTTP_HOST": "portal.example"}
    for name, value in headers.items():
        environ[name if name.isupper() else "HTTP_" + name.upper()] = value
    setup_testing_defaults(environ)
    seen: list[Any] = []

    def start_response(status: str, pairs: list[tuple[str, str]], exc_info: Any = None) -> Any:
        seen[:] = [status, pairs]
        return lambda data: None

    result = validator(app)(environ, start_response)
    try:
        body = b"".join(result)
    finally:
        result.close()
    names = [name.lower() for name, _ in seen[1]]
    twice = {name for name in names if names.count(name) > 1} - {"set-cookie"}
    assert not twice, f"said twice: {twice}"
    return Reply(int(seen[0][:3]), dict(seen[1]), body, environ)
