"""Security headers of every answer, set by one after-request hook.

Not here: caching (`pagecache`), the client's address (`proxies`), cookies (the app factory).
"""

from collections.abc import Sequence

from flask import Flask, Response, request

Headers = list[tuple[str, str]]

_PERMISSIONS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")


def content_policy(script_hashes: Sequence[str] = (), stream_hosts: Sequence[str] = ()) -> str:
    """The Content-Security-Policy; `stream_hosts` only for the pages that show a stream."""
    scripts = " ".join(["'self'", *(f"'{digest}'" for digest in script_hashes)])
    rules = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    if stream_hosts:
        rules["frame-src"] = rules["media-src"] = " ".join(["'self'", *stream_hosts])
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def security_headers(base_url: str, policy: str) -> Headers:
    """What every answer carries; HSTS only where the portal is reached by https."""
    headers = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", ", ".join(f"{name}=()" for name in _PERMISSIONS)),
        ("X-Frame-Options", "DENY"),
    ]
    if base_url.startswith("https://"):
        headers.append(("Strict-Transport-Security", "max-age=31536000"))
    return headers


def init_app(
    app: Flask, *, base_url: str, script_hashes: Sequence[str] = (), stream_hosts: Sequence[str] = ()
) -> None:
    """Register the hook. A view that shows a stream calls `allow_streams(response)`."""
    headers = security_headers(base_url, content_policy(script_hashes))
    unsaid = [
        (name.lower(), name, value) for name, value in [*headers, ("Cache-Control", "private, no-store")]
    ]
    app.extensions["portal_stream_policy"] = content_policy(script_hashes, stream_hosts)

    @app.after_request
    def add_security_headers(response: Response) -> Response:
        said = {name.lower() for name, _ in response.headers}
        for known, name, value in unsaid:
            if known not in said:
                response.headers.add(name, value)
        if request.url_rule is not None:
            request.environ["portal.route"] = request.url_rule.rule
        return response


def allow_streams(app: Flask, response: Response) -> Response:
    """Let this one answer show the configured stream hosts in a frame or player."""
    response.headers["Content-Security-Policy"] = app.extensions["portal_stream_policy"]
    return response
