"""Static files: addresses that carry the content's hash, packed once, answered from memory.

`/static/<hash>/css/base.css` may be kept for ever. The same file without its hash, or with an old one
(a page from before an upgrade, a relative import in a script), is answered too, but asked for anew.
Only names found by walking the folder exist, so no path can lead out of it. The addresses inside style
sheets are rewritten to hashed ones; a sheet's own hash therefore covers what it refers to.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portal.web import encodings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "public, no-cache"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_PACKED: Final = frozenset({".css", ".html", ".js", ".json", ".map", ".md", ".mjs", ".svg", ".txt"})
_HASHED: Final = re.compile(r"([0-9a-f]{16})/(.+)")
_REFERENCE: Final = re.compile(
    rb"""url\(\s*(?P<quote>["']?)(?P<url>[^"')]+)(?P=quote)\s*\)|(?<=@import)\s+(?P<mark>["'])(?P<name>[^"']+)(?P=mark)"""
)

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class StaticFile:
    """One file as it is sent."""

    body: bytes
    digest: str
    suffix: str
    stamp: int
    packed: dict[str, bytes] = field(default_factory=dict)

    def in_encoding(self, encoding: str) -> tuple[str, bytes]:
        """The encoding really used, and the bytes; packed when first asked for."""
        if not encoding or self.suffix not in _PACKED or len(self.body) < encodings.SMALLEST:
            return encodings.IDENTITY, self.body
        found = self.packed.get(encoding)
        if found is None:
            found = self.packed[encoding] = encodings.pack(self.body, encoding, best=True)
        return encoding, found


class StaticFiles:
    """The files of one folder under one prefix. `reload` sees a changed file at once (development)."""

    def __init__(self, folder: Path, prefix: str = "/static", *, reload: bool = False) -> None:
        self.folder, self.prefix, self.reload = folder.resolve(), prefix.rstrip("/"), reload
        self._names = frozenset(self._walk())
        self._files: dict[str, StaticFile] = {}
        self._loading: list[str] = []

    def url(self, name: str) -> str:
        """The hashed address of `css/base.css`; KeyError for a file that does not exist."""
        return f"{self.prefix}/{self.file(name).digest}/{name}"

    def file(self, name: str) -> StaticFile:
        """The file of that name; KeyError when there is none."""
        found = self._files.get(name)
        if found is not None and not (self.reload and self._has_changed(name, found)):
            return found
        if name not in self._names:
            if not self.reload or name not in frozenset(self._walk()):
                raise KeyError(f"no static file is named {name!r}")
            self._names |= {name}
        self._files[name] = loaded = self._load(name)
        return loaded

    def _load(self, name: str) -> StaticFile:
        path = self.folder / name
        stamp, body = path.stat().st_mtime_ns, path.read_bytes()
        if path.suffix == ".css":
            self._loading.append(name)
            try:
                body = _REFERENCE.sub(lambda found: self._rewrite(name, found), body)
            finally:
                self._loading.pop()
        return StaticFile(body, blake2b(body, digest_size=8).hexdigest(), path.suffix, stamp)

    def _rewrite(self, sheet: str, found: re.Match[bytes]) -> bytes:
        """A relative reference of a style sheet as a hashed address; anything else as it was."""
        reference = (found["url"] or found["name"]).decode().strip()
        path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", reference, re.DOTALL).groups()  # type: ignore[union-attr]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), path))
        if (
            not path
            or ":" in path
            or path.startswith("/")
            or target not in self._names
            or target in self._loading
        ):
            return found[0]
        address = f"{self.url(target)}{mark}{rest}"
        return f' "{address}"'.encode() if found["name"] else f'url("{address}")'.encode()

    def _has_changed(self, name: str, file: StaticFile) -> bool:
        return file.suffix == ".css" or (self.folder / name).stat().st_mtime_ns != file.stamp

    def _walk(self) -> Iterator[str]:
        for path in self.folder.rglob("*"):
            parts = path.relative_to(self.folder).parts
            inside = path.resolve().is_relative_to(self.folder)
            if inside and path.is_file() and not any(part.startswith(".") for part in parts):
                yield "/".join(parts)


class StaticLayer:
    """WSGI layer that answers everything under the prefix and hands on the rest."""

    def __init__(self, app: "WSGIApplication", files: StaticFiles, headers: Headers | None = None) -> None:
        self.app, self.files = app, files
        self._prefix = files.prefix + "/"
        self._always: Headers = headers or [
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if not path.startswith(self._prefix):
            return self.app(environ, start_response)
        environ["portal.route"] = self._prefix
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._refuse("405 Method Not Allowed", [("Allow", "GET, HEAD")], start_response)
        name, digest = self._split(path[len(self._prefix) :])
        try:
            file = self.files.file(name)
        except KeyError:
            return self._refuse("404 Not Found", [], start_response)
        return self._send(file, digest == file.digest, environ, start_response)

    def _send(
        self, file: StaticFile, hashed: bool, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        encoding, body = file.in_encoding(encodings.negotiate(environ.get("HTTP_ACCEPT_ENCODING", "")))
        tag = f'"{file.digest}-{encoding}"' if encoding else f'"{file.digest}"'
        headers = [
            ("Cache-Control", FOR_EVER if hashed else ASK_AGAIN),
            ("ETag", tag),
            ("Vary", "Accept-Encoding"),
            *self._always,
        ]
        if file.digest in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return ()
        headers.append(("Content-Type", TYPES.get(file.suffix, "application/octet-stream")))
        headers.append(("Content-Length", str(len(body))))
        if encoding:
            headers.append(("Content-Encoding", encoding))
        start_response("200 OK", headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)

    @staticmethod
    def _split(rest: str) -> tuple[str, str]:
        found = _HASHED.fullmatch(rest)
        return (found[2], found[1]) if found else (rest, "")

    @staticmethod
    def _refuse(status: str, extra: Headers, start_response: "StartResponse") -> Iterable[bytes]:
        body = status.encode()
        length = ("Content-Length", str(len(body)))
        start_response(
            status, [("Content-Type", "text/plain"), length, ("Cache-Control", "no-store"), *extra]
        )
        return (body,)
