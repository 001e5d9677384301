"""The head of an HTTP request, read strictly: pure parsing with limits, no socket handling.

Stricter than the library's reader, and several times faster: what two servers could understand
differently (two lengths, folded lines, a chunked body) is refused, so nothing can be smuggled past nginx.
"""

import re
from typing import Final, Protocol
from urllib.parse import urlsplit

LONGEST_LINE: Final = 8192
LARGEST_HEAD: Final = 32 * 1024
MOST_FIELDS: Final = 64
LONGEST_NUMBER: Final = 20

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BAD_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
_ONCE: Final = frozenset({"host", "content-length", "content-type", "transfer-encoding", "authorization"})


class Refused(ValueError):
    """The request is not answered by the app; `status` is what its sender is told."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Reader(Protocol):
    def readline(self, limit: int, /) -> bytes: ...


class Fields(dict[str, str]):
    """Header fields by lower-case name, with the few names under which the server asks for them."""

    status = ""

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        return super().get(name.lower(), default)

    getheader = get

    @property
    def typeheader(self) -> str | None:
        return self.get("content-type")


def parse_request_line(line: str) -> tuple[str, str, str]:
    """Method, target (always starting with `/`) and version."""
    words = line.rstrip("\r\n").split(" ")
    if len(words) != 3 or not _TOKEN.fullmatch(words[0]) or not words[1].isascii():
        raise Refused("400 Bad Request")
    method, target, version = words
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise Refused("505 HTTP Version Not Supported")
    if not target.startswith("/"):
        target = _from_absolute(target)
    return method, target, version


def read_fields(reader: Reader) -> Fields:
    """The header fields up to the empty line."""
    fields, size = Fields(), 0
    while True:
        line = reader.readline(LONGEST_LINE + 1)
        size += len(line)
        if len(line) > LONGEST_LINE or size > LARGEST_HEAD or len(fields) > MOST_FIELDS:
            raise Refused("431 Request Header Fields Too Large")
        if line in (b"\r\n", b"\n"):
            return fields
        if not line.endswith(b"\n"):
            raise Refused("400 Bad Request")
        _add(fields, line.decode("latin-1"))


def body_length(method: str, fields: Fields, largest: int) -> int | None:
    """The length of the body, or None without one."""
    if "transfer-encoding" in fields:
        raise Refused("411 Length Required")
    text = fields.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or (text.strip("0") and method == "HEAD"):
        raise Refused("400 Bad Request")
    if len(text) > LONGEST_NUMBER or int(text) > largest:
        raise Refused("413 Content Too Large")
    return int(text)


def check_host(version: str, fields: Fields) -> None:
    """Exactly one well-formed Host, as HTTP/1.1 demands."""
    host = fields.get("host")
    if (host is None and version == "HTTP/1.1") or (host and not _HOST.fullmatch(host)):
        raise Refused("400 Bad Request")


def _add(fields: Fields, line: str) -> None:
    name, colon, value = line.partition(":")
    value = value.strip(" \t\r\n")
    if not colon or not _TOKEN.fullmatch(name) or _BAD_VALUE.search(value):
        raise Refused("400 Bad Request")
    if "_" in name:
        return  # would read as another field's name in the environ
    name = name.lower()
    if name not in fields:
        fields[name] = value
    elif name in _ONCE:
        raise Refused("400 Bad Request")
    else:
        fields[name] += ("; " if name == "cookie" else ",") + value


def _from_absolute(target: str) -> str:
    if not target.startswith(("http://", "https://")):
        raise Refused("400 Bad Request")
    try:
        parts = urlsplit(target)
    except ValueError as error:
        raise Refused("400 Bad Request") from error
    return (parts.path or "/") + ("?" + parts.query if parts.query else "")
