"""What every page of the portal must have, checked on every visit a test makes."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.client import Page

HTML = "{http://www.w3.org/1999/xhtml}"
LANGUAGES = {"zh-Hans", "zh-Hant", "en"}


def inspect(page: "Page") -> None:
    """Raise with every fault found on the page."""
    faults = [*_frame(page), *_ids(page), *_labels(page), *_forms(page), *_links(page), *_headers(page)]
    assert not faults, f"{page.path}:\n  " + "\n  ".join(faults)


def _frame(page: "Page") -> Any:
    root = page.tree
    if root.get("lang") not in LANGUAGES:
        yield f"lang is {root.get('lang')!r}"
    if len(page.title) < 3:
        yield "no title"
    if len(page.all("h1")) != 1:
        yield f"{len(page.all('h1'))} h1 headings"
    elif not page.heading:
        yield "an empty h1"
    if len(page.all("main")) != 1:
        yield "not exactly one main"
    if "%(" in page.text or "{{" in page.text or "None" in page.text.split():
        yield "an unfilled place in the text"
    for tag in page.tree.iter():
        if not isinstance(tag.tag, str):
            continue
        for name in tag.attrib:
            if isinstance(name, str) and (name == "style" or name.startswith("on")):
                yield f"inline {name} on {tag.tag.removeprefix(HTML)}"
    for script in page.all("script"):
        if not script.get("src"):
            yield "an inline script"
    if page.all("style"):
        yield "an inline style sheet"


def _ids(page: "Page") -> Any:
    seen: set[str] = set()
    for element in page.tree.iter():
        name = element.get("id") if isinstance(element.tag, str) else None
        if name is not None:
            if name in seen:
                yield f"id {name!r} twice"
            seen.add(name)
    for element in page.tree.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            for name in (element.get(attribute) or "").split():
                if name not in seen:
                    yield f"{attribute} points to {name!r}, which is not there"


def _labels(page: "Page") -> Any:
    labelled = {label.get("for") for label in page.all("label")}
    inside = {id(child) for label in page.all("label") for child in label.iter()}
    for tag in ("input", "select", "textarea"):
        for field in page.all(tag):
            if (field.get("type") or "").lower() in ("hidden", "submit", "button", "image"):
                continue
            named = field.get("aria-label") or field.get("aria-labelledby")
            if not (named or field.get("id") in labelled or id(field) in inside):
                yield f"{tag} {field.get('name')!r} has no label"
    for button in page.all("button"):
        if not ("".join(button.itertext()).strip() or button.get("aria-label")):
            yield "a button without a name"
    for image in page.all("img"):
        if image.get("alt") is None:
            yield f"img {image.get('src')!r} without alt"


def _forms(page: "Page") -> Any:
    for form in page.forms():
        if form.method == "post" and "csrf_token" not in form.names:
            yield f"the form to {form.action!r} has no token"
        if form.method not in ("get", "post"):
            yield f"a form with method {form.method!r}"


def _links(page: "Page") -> Any:
    for link in page.all("a"):
        address = link.get("href")
        if address is None:
            continue
        if address in ("", "#"):
            yield "a link to nowhere"
        elif not re.match(r"^(/(?!/)|#|\?|mailto:|tel:)", address):
            yield f"a link to {address!r}"
        if not ("".join(link.itertext()).strip() or link.get("aria-label")):
            yield f"the link to {address!r} has no name"


def _headers(page: "Page") -> Any:
    policy = page.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield "no strict content security policy"
    if page.headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"
    if "Set-Cookie" in page.headers and "public" in page.headers.get("Cache-Control", ""):
        yield "a page for everybody that sets a cookie"
