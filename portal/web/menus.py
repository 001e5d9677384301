"""Extension points of the pages: menus, desk counters and panels. Higher floors register, layouts draw.

A registration is idempotent (same name, same thing), so several applications may live in one process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import request, url_for

from portal.identity.actors import Actor


@dataclass(frozen=True)
class MenuItem:
    """A menu entry: label (message id), endpoint, order; for the desk the permission that shows it."""

    endpoint: str
    label: str
    sort: int
    permission: str | None = None
    args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Panel:
    """A part of a composed page (front page, desk start): template, loader of its context, order.

    The loader gets `(db, now, actor)` and returns the context, or None to leave the panel out.
    """

    name: str
    place: str
    sort: int
    template: str
    load: Callable[..., dict[str, Any] | None]


_menus: dict[str, dict[str, MenuItem]] = {"public": {}, "desk": {}, "admin": {}, "footer": {}}
_panels: dict[str, dict[str, Panel]] = {}


def add(menu: str, item: MenuItem) -> None:
    """Register a menu item under `public`, `desk`, `admin` or `footer`."""
    _menus[menu][item.endpoint + str(item.args)] = item


def add_panel(panel: Panel) -> None:
    """Register a panel of a composed page."""
    _panels.setdefault(panel.place, {})[panel.name] = panel


def panels(place: str) -> list[Panel]:
    """The panels of a page, in order."""
    return sorted(_panels.get(place, {}).values(), key=lambda panel: panel.sort)


@lru_cache(maxsize=512)
def _address(item: MenuItem, _root: str) -> str:
    """An entry's address is the same on every page, and making it takes longer than drawing it."""
    return url_for(item.endpoint, **dict[str, Any](item.args))


def entries(menu: str, actor: Actor) -> list[dict[str, Any]]:
    """The menu as this actor sees it: label (message id), address, whether it is the present page."""
    rows: list[dict[str, Any]] = []
    for item in sorted(_menus[menu].values(), key=lambda item: item.sort):
        if item.permission and not actor.has(item.permission):
            continue
        url = _address(item, request.root_path)
        here = request.path == url or (url != "/" and request.path.startswith(url.rstrip("/") + "/"))
        rows.append({"label": item.label, "url": url, "current": here})
    longest = max((len(row["url"]) for row in rows if row["current"]), default=0)
    for row in rows:
        row["current"] = row["current"] and len(row["url"]) == longest
    return rows
