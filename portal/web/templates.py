"""Compiled templates: kept on disk between starts, and all loaded before the first visitor comes.

Compiling one template takes about 15 ms of processor time, in which a gevent server answers nobody.
"""

from hashlib import sha1
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache, TemplateError

from portal.web import filters


def options() -> dict[str, Any]:
    """What the application gives Jinja."""
    return {"trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": _kept_code()}


def warm(app: Flask) -> None:
    """Load every template now. A broken one is told by the page that needs it, not here."""
    for name in app.jinja_env.list_templates():
        try:
            app.jinja_env.get_template(name)
        except TemplateError:
            continue


class _KeptCode(FileSystemBytecodeCache):
    """Entries are named by template and by what the compiled code depends on beside it: how a filter is called
    is fixed when a template is compiled, so code compiled for an older release must not be found."""

    def __init__(self) -> None:
        super().__init__()
        self._release = sha1(Path(filters.__file__).read_bytes(), usedforsecurity=False).hexdigest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(f"{self._release}/{name}", filename)


def _kept_code() -> BytecodeCache | None:
    """A private folder of the system's temporary ones."""
    try:
        return _KeptCode()
    except (OSError, RuntimeError):
        return None
