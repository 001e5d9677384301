"""Translation catalogues: one `.po` per feature and locale, merged into one compiled catalogue at start.

zh_Hans is written by hand; zh_Hant is drafted from it by OpenCC (Taiwan wording) and committed, so that it
can be corrected by hand where the draft is wrong: entries marked `# kept` are never overwritten.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from portal.kernel.errors import PortalError

FOLDER = Path(__file__).resolve().parent.parent / "translations"
ROOT = FOLDER.parent.parent
WRITTEN = ("zh_Hans", "zh_Hant")
KEEP = "kept"
_USUAL = {"賬號": "帳號", "賬戶": "帳戶", "許可權": "權限", "物件": "對象", "程式碼": "代碼"}
"""What the dictionary drafts, and what Taiwan writes."""
_KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def parts(locale: str) -> list[Path]:
    """The catalogue files of a locale, by feature."""
    return sorted((FOLDER / locale / "LC_MESSAGES").glob("*.po"))


def read(path: Path, locale: str) -> Catalog:
    """One feature's catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def entries(locale: str) -> Iterator[Message]:
    """Every translated entry of a locale."""
    for path in parts(locale):
        yield from (message for message in read(path, locale) if message.id)


def compile_stale() -> None:
    """Compile the catalogues whose parts are newer than what was compiled. Safe to run side by side."""
    for locale in WRITTEN:
        compiled = FOLDER / locale / "LC_MESSAGES" / "messages.mo"
        newest = max((path.stat().st_mtime for path in parts(locale)), default=0.0)
        if compiled.exists() and compiled.stat().st_mtime >= newest:
            continue
        merged = Catalog(locale=locale)
        for message in entries(locale):
            if message.string and not message.fuzzy:
                merged[message.id] = message
        _write_atomically(compiled, merged)


def _write_atomically(path: Path, catalogue: Catalog) -> None:
    if not os.access(path.parent, os.W_OK):
        raise PortalError(
            "catalogues_stale",
            "the words of this release are not compiled, and this user may not write to %(folder)s: run "
            "`portal translations compile` as the user who installed it",
            folder=path.parent,
        )
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        write_mo(file, catalogue)
    os.replace(file.name, path)


def used() -> dict[str, list[str]]:
    """Every message the code and templates use, with the places that use it."""
    found: dict[str, list[str]] = {}
    for folder, method in (
        ("portal", [("**.py", "python")]),
        ("sessions", [("**.py", "python")]),
        ("templates", [("**.*", "jinja2")]),
    ):
        rows = extract_from_dir(
            str(ROOT / folder),
            method_map=method,
            options_map={"**.*": {"trimmed": "true", "newstyle_gettext": "true"}},
            keywords=_KEYWORDS,
        )
        for name, line, message, _comments, _context in rows:
            key = message[0] if isinstance(message, tuple) else message
            found.setdefault(key, []).append(f"{folder}/{name}:{line}")
    return found


def missing(locale: str) -> dict[str, list[str]]:
    """Messages in use that the locale lacks, with the places that use them."""
    known = {
        (message.id[0] if isinstance(message.id, tuple) else message.id)
        for message in entries(locale)
        if message.string and all(message.string if isinstance(message.string, tuple) else (message.string,))
    }
    return {key: places for key, places in used().items() if key not in known}


def draft_hant() -> list[str]:
    """Draft the zh_Hant catalogues from zh_Hans; returns the names of the files that changed."""
    import opencc  # loads dictionaries

    draft = opencc.OpenCC("s2twp").convert

    def convert(text: Any) -> str:
        drafted: str = draft(text)
        for word, better in _USUAL.items():
            drafted = drafted.replace(word, better)
        return drafted

    changed = []
    for source in parts("zh_Hans"):
        target = FOLDER / "zh_Hant" / "LC_MESSAGES" / source.name
        old = read(target, "zh_Hant") if target.exists() else Catalog(locale="zh_Hant")
        fresh = Catalog(locale="zh_Hant", fuzzy=False)
        for message in read(source, "zh_Hans"):
            if not message.id:
                continue
            kept = old.get(message.id if isinstance(message.id, str) else message.id[0])
            if kept is not None and KEEP in kept.user_comments:
                fresh.add(message.id, kept.string, user_comments=[KEEP])
            elif isinstance(message.string, tuple):
                fresh.add(message.id, tuple(convert(text) for text in message.string))
            else:
                fresh.add(message.id, convert(message.string))
        if _save(target, fresh):
            changed.append(source.name)
    return changed


def _save(path: Path, catalogue: Catalog) -> bool:
    import io

    buffer = io.BytesIO()
    write_po(buffer, catalogue, omit_header=True, sort_output=True, no_location=True, width=100)
    header = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    body = header + buffer.getvalue()
    if path.exists() and path.read_bytes() == body:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return True
