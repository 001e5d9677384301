"""The standard library is patched in one place and first of all, or greenlets and threads get mixed up."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVE = ROOT / "portal/serve.py"


def sources():
    return [path for folder in ("portal", "sessions") for path in (ROOT / folder).rglob("*.py")]


def test_serve_patches_before_anything_else_is_imported():
    body = ast.parse(SERVE.read_text()).body
    assert isinstance(body[0], ast.Expr), "the docstring comes first"
    assert ast.unparse(body[1]) == "from gevent import monkey"
    assert ast.unparse(body[2]) == "monkey.patch_all()", "nothing may be imported before the patch"


def test_nothing_else_patches():
    patching = [path.name for path in sources() if path != SERVE and "patch_all" in path.read_text()]
    assert not patching, f"only portal.serve patches the standard library, not {patching}"


def test_serve_is_a_program_and_never_imported():
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module or ""]
            assert "portal.serve" not in names, f"{path} imports portal.serve, and so patches too late"
