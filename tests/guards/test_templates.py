"""Templates compile, hold no inline style or script, and partials depend on nobody in particular."""

import re

import pytest
from flask import Flask
from jinja2 import TemplateSyntaxError, meta

from tests.guards.source import ROOT, templates

INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|<style|javascript:|\|\s*safe\b", re.IGNORECASE
)
FOREIGN = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


def test_every_template_compiles(app: Flask) -> None:
    for path in templates():
        name = str(path.relative_to(ROOT / "templates"))
        try:
            app.jinja_env.get_template(name)
        except TemplateSyntaxError as error:
            pytest.fail(f"{name}:{error.lineno}: {error.message}")


def faults(source: str) -> list[str]:
    rows = enumerate(source.splitlines(), 1)
    return [f"{n}: {line.strip()[:90]}" for n, line in rows if INLINE.search(line) or FOREIGN.search(line)]


def test_no_template_holds_inline_style_script_or_a_foreign_address() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{fault}" for path in templates() for fault in faults(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_the_guard_sees_planted_faults() -> None:
    for planted in (
        '<p style="x">',
        "<a onclick='x'>",
        "<script>x</script>",
        '<img src="//host/x">',
        "{{ x | safe }}",
    ):
        assert faults(planted), planted
    assert not faults("<script src=\"{{ static_url('a.js') }}\" defer></script>")


def test_a_partial_names_what_it_needs(app: Flask) -> None:
    """A partial may be drawn for anybody: it knows no reader, no request and no token."""
    forbidden = {"actor", "request", "session", "g", "csrf_token", "current_user"}
    found = []
    for path in templates():
        source = path.read_text()
        if path.name.startswith("_") and "data-version" in source:
            used = meta.find_undeclared_variables(app.jinja_env.parse(source)) & forbidden
            found += [f"{path.relative_to(ROOT)} uses {', '.join(sorted(used))}"] if used else []
    assert not found, "\n".join(found)
