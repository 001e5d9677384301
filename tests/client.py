"""A page-inspecting client: every HTML page it gets is checked for what every page must have.

`client.get("/cases")` returns a `Page`: status, soup-like access by CSS-free helpers, forms to fill in and send.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from portal.identity.models import SignIn
from portal.kernel import clock
from portal.web.access import COOKIE, hash_token
from tests.inspection import inspect

HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass
class HtmlForm:
    """A form of a page: where it goes and what it would send as it stands."""

    action: str
    method: str
    fields: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    multipart: bool = False


class Page:
    """An answer, with the page parsed if it is one."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response = response
        self.path = path
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data(as_text=True) if "html" in (response.content_type or "") else ""
        self.is_document = self.html.lstrip().lower().startswith("<!doctype html")
        self.tree = html5lib.parse(self.html) if self.html else None

    @property
    def text(self) -> str:
        """What a reader reads in the body, spaces folded."""
        assert self.tree is not None, f"{self.path}: no page but {self.response.content_type}"
        body = self.tree.find(f".//{HTML}body")
        words = " ".join(_texts(body)) if body is not None else ""
        return re.sub(r"\s+", " ", words).strip()

    @property
    def heading(self) -> str:
        found = self.all("h1")
        return re.sub(r"\s+", " ", "".join(found[0].itertext())).strip() if found else ""

    @property
    def title(self) -> str:
        found = self.all("title")
        return re.sub(r"\s+", " ", "".join(found[0].itertext())).strip() if found else ""

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def all(self, tag: str) -> list[Any]:
        return list(self.tree.iter(f"{HTML}{tag}")) if self.tree is not None else []

    def by_id(self, name: str) -> Any:
        return next((element for element in self.tree.iter() if element.get("id") == name), None)

    def links(self) -> dict[str, str]:
        """Link text → address."""
        return {re.sub(r"\s+", " ", "".join(a.itertext())).strip(): a.get("href", "") for a in self.all("a")}

    def forms(self) -> list[HtmlForm]:
        return [_form(element, self.path) for element in self.all("form")]

    def form(self, action: str | None = None) -> HtmlForm:
        """The page's one posting form, or the one whose action contains `action`."""
        found = [f for f in self.forms() if f.method == "post" and "/sign-out" not in f.action]
        if action is not None:
            found = [f for f in found if action in f.action]
        assert found, f"{self.path}: no such form; there are {[f.action for f in self.forms()]}"
        return found[0]


class Client:
    """Somebody at a browser: remembers cookies, follows redirects when asked, fills in forms."""

    def __init__(self, app: Flask, lang: str = "zh_Hans") -> None:
        self.app = app
        self.browser = app.test_client()
        self.lang = lang

    def sign_in(self, person_id: int) -> "Client":
        """Signed in as this person, the way a finished sign-in leaves it."""
        token = secrets.token_urlsafe(32)
        now = clock.now()
        with self.app.extensions["portal_database"].transaction() as db:
            db.add(
                SignIn(
                    token_hash=hash_token(token),
                    person_id=person_id,
                    created_at=now,
                    expires_at=now + timedelta(hours=12),
                    method="test",
                )
            )
        self.browser.set_cookie(COOKIE, token)
        return self

    def get(self, path: str, follow: bool = True, **kwargs: Any) -> Page:
        return self._visit("GET", path, follow, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, follow: bool = True, **kwargs: Any) -> Page:
        return self._visit("POST", path, follow, data=data or {}, **kwargs)

    def submit(self, page: Page, action: str | None = None, follow: bool = True, **values: Any) -> Page:
        """Fill in the page's form and send it; a field the form does not have is a mistake of the test."""
        form = page.form(action)
        unknown = set(values) - form.names
        assert not unknown, f"{page.path}: the form has no field {sorted(unknown)}, but {sorted(form.names)}"
        data = {key: value for key, value in (form.fields | values).items() if value is not None}
        kwargs = {"content_type": "multipart/form-data"} if form.multipart else {}
        return self._visit(form.method.upper(), form.action, follow, data=data, **kwargs)

    def _visit(self, method: str, path: str, follow: bool, **kwargs: Any) -> Page:
        headers = {"Accept-Language": self.lang.replace("_", "-"), **kwargs.pop("headers", {})}
        response = self.browser.open(path, method=method, headers=headers, buffered=True, **kwargs)
        page = Page(response, path)
        assert page.status != 500, f"{method} {path}: {page.text[:300]}"
        if follow and page.status in (301, 302, 303, 307, 308):
            split = urlsplit(page.location)
            return self._visit("GET", split.path + (f"?{split.query}" if split.query else ""), True)
        if page.is_document and not 300 <= page.status < 400:
            inspect(page)
        return page


def _texts(element: Any) -> Any:
    if element.tag in (f"{HTML}script", f"{HTML}style"):
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _texts(child)
        if child.tail:
            yield child.tail


def _form(element: Any, path: str) -> HtmlForm:
    form = HtmlForm(
        action=element.get("action") or path,
        method=(element.get("method") or "get").lower(),
        multipart=element.get("enctype") == "multipart/form-data",
    )
    for field_ in element.iter():
        name = field_.get("name")
        if not name or field_.get("disabled") is not None:
            continue
        form.names.add(name)
        kind = (field_.get("type") or "").lower()
        if field_.tag == f"{HTML}textarea":
            form.fields[name] = (field_.text or "").removeprefix("\n")
        elif field_.tag == f"{HTML}select":
            options = list(field_.iter(f"{HTML}option"))
            chosen = next(
                (o for o in options if o.get("selected") is not None), options[0] if options else None
            )
            if chosen is not None:
                form.fields[name] = chosen.get("value", chosen.text or "")
        elif field_.tag == f"{HTML}input" and kind in ("radio", "checkbox"):
            if field_.get("checked") is not None:
                form.fields[name] = field_.get("value", "on")
        elif field_.tag == f"{HTML}input" and kind not in ("submit", "button", "file", "image"):
            form.fields[name] = field_.get("value", "")
    return form
