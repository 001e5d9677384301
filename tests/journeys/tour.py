"""Which pages the demonstration city has, and how a person in a role comes to each of them.

Addresses are computed: the rules from the portal's own list of routes, the parameters from the demonstration's
database, the acts on a case from the links of its page. What happens on a page is the caller's business.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from portal.cases.queries.filters import EXTENSION_ASKED, REFUSAL_OBJECTED
from portal.cases.workflow import CaseState
from portal.demo import content
from portal.kernel import codes
from tests.browser import ROOT, demo_environment

# Answers that are no page to look at; the reason stands beside each.
NO_PAGES = {
    "health.livez": "for machines",
    "health.metrics": "for machines",
    "health.readyz": "for machines",
    "home.robots": "for machines",
    "appeals.file": "a file",
    "publishing.case_file": "a file",
    "intake_desk.attachment": "a file",
    "case_desk.file": "a file",
    "commitment_desk.file": "a file",
    "commitments.file": "a file",
    "commitment_desk.withdrawal": "only whoever wrote it, before anybody agreed",
    "commitment_desk.change": "only a unit with a commitment that runs",
}


@dataclass
class City:
    """The demonstration as it stands on disk."""

    folder: Path
    visited: set[str] = field(default_factory=set)
    """Endpoints somebody has been to."""

    @cached_property
    def routes(self) -> list[dict[str, Any]]:
        """What `portal routes --json` says, without what does not answer to GET."""
        said = subprocess.run(
            [sys.executable, "-m", "portal.cli", "routes", "--json"],
            check=True,
            cwd=ROOT,
            env=os.environ | demo_environment(self.folder),
            capture_output=True,
            text=True,
            timeout=60,
        )
        return [route for route in json.loads(said.stdout) if "GET" in route["methods"]]

    @cached_property
    def _map(self) -> Map:
        return Map([Rule(route["rule"], endpoint=route["endpoint"]) for route in self.routes])

    def endpoint(self, path: str) -> str:
        """Whose address this is; empty when nobody's."""
        try:
            return str(self._map.bind("city").match(path.partition("?")[0])[0])
        except HTTPException:
            return ""

    def ask(self, question: str, *values: Any) -> list[Any]:
        """The first column of the rows of a query."""
        return [row[0] for row in self.rows(question, *values)]

    def rows(self, question: str, *values: Any) -> list[Any]:
        """The rows of a query."""
        with closing(
            sqlite3.connect(f"file:{self.folder}/portal.db?mode=ro", uri=True, timeout=10)
        ) as reading:
            return reading.execute(question, values).fetchall()

    def tell(self, command: str, *values: Any) -> None:
        """Change what is on the disk, where nobody could come to the page by hand."""
        with closing(sqlite3.connect(self.folder / "portal.db", timeout=10)) as writing, writing:
            writing.execute(command, values)

    def plain(self, prefix: str) -> list[str]:
        """The addresses below a prefix that need no parameter."""
        found = (r["rule"] for r in self.routes if "<" not in r["rule"] and r["endpoint"] not in NO_PAGES)
        return sorted(rule for rule in found if rule == prefix or rule.startswith(prefix + "/"))

    def code_of(self, receipt: str) -> str:
        """The query code of one of the demonstration's appeals."""
        (wanted,) = self.ask("select code_hash from appeal where receipt = ?", receipt)
        tried = (codes.derive(self._key, "demo", case) for case in content.load().cases)
        return next(code for code in tried if self.hashed(code) == wanted)

    def derived(self, *names: str) -> str:
        """A secret that is derived and kept nowhere."""
        return codes.derive(self._key, *names)

    def hashed(self, code: str) -> str:
        """What is kept of a code or a link."""
        return codes.hash_code(self._key, code)

    @property
    def _key(self) -> bytes:
        return (self.folder / "code.key").read_text().strip().encode()

    def receipts(self) -> dict[str, str]:
        """One receipt for each state a case can be in: the asker's page looks different in each."""
        rows = self.ask(
            "select json_array(c.state, min(a.receipt)) from 'case' c join case_link l on l.case_id = c.id"
            " join appeal a on a.id = l.appeal_id where not a.is_history and a.filed_by_id is null group by c.state"
        )
        return dict(json.loads(row) for row in rows)


def public(city: City) -> Iterator[str]:
    """Every page for everybody."""
    yield from (rule for rule in city.plain("") if not rule.startswith(("/desk", "/account/")))
    yield from ("/cases?q=电梯", "/cases?q=没有这样的词", "/account/sign-in", "/no-such-page")
    yield from (f"/units/{slug}" for slug in _unit_slugs(city))
    for ref in city.ask("select max(ref) from published_commitment group by state order by state"):
        yield f"/commitments/{ref}"
    for outcome in city.ask("select distinct coalesce(nullif(outcome, ''), state) from published_case"):
        (ref,) = city.ask(
            "select min(ref) from published_case where coalesce(nullif(outcome, ''), state) = ?", outcome
        )
        yield f"/cases/{ref}"
    yield from (
        f"/cases/{ref}" for ref in city.ask("select min(ref) from published_case where not visible") if ref
    )
    for ref in city.ask("select ref from published_case order by version desc limit 1"):
        yield f"/cases/{ref}/versions"
    for ref in city.ask(
        "select max(ref) from notice where ref is not null group by state, corrects_id is null"
    ):
        yield f"/notices/{ref}"
    for ref in city.ask(
        "select max(ref) from outcome where ref is not null group by state, corrects_id is null"
    ):
        yield f"/outcomes/{ref}"
    yield from _following(city)


def _following(city: City) -> Iterator[str]:
    """The form, the answer to it, and what stands behind the links of the mails."""
    (case,) = city.ask("select min(id) from published_case where visible")
    yield f"/follow?kind=case&id={case}"
    yield f"/follow/asked?kind=case&id={case}"
    number = 990_001
    for confirmed, ended in ((None, None), ("2026-01-01", None), ("2026-01-01", "2026-01-02")):
        city.tell(
            "insert into subscription (id, target_kind, target_id, address_hash, mode, locale, asked_at,"
            " asked_again_at, confirmed_at, ended_at)"
            " values (?, 'case', ?, ?, 'daily', 'zh_Hans', ?, datetime('now'), ?, ?)",
            *(number, case, f"tour {number}", "2026-01-01", confirmed, ended),
        )
        for what in ("confirm", "leave"):
            yield f"/follow/{number}/{what}?token={city.derived('subscription', str(number))}"
        number += 1


def _unit_slugs(city: City) -> list[str]:
    busy = city.ask(
        "select u.slug from unit u join published_case p on p.unit_id = u.id group by u.slug"
        " order by count(*) desc limit 1"
    )
    quiet = city.ask("select min(slug) from unit where id not in (select unit_id from published_case)")
    return busy + [slug for slug in quiet if slug]


def administration(city: City, page: Page) -> Iterator[str]:
    """Every page of the administration, with somebody's or something's number."""
    yield from city.plain("/desk/admin")
    yield from (path for path in _links(page, "/desk/admin/calendar") if path[-4:].isdecimal())
    yield from _links(page, "/desk/admin/limits")[:1]
    person = city.ask("select person_id from absence limit 1") or city.ask("select min(id) from person")
    appointment = city.ask("select min(id) from appointment where person_id = ?", person[0])[0]
    base = f"/desk/admin/people/{person[0]}"
    yield from (base, f"{base}/edit", f"{base}/leave/new", f"{base}/appointments/new")
    yield f"{base}/appointments/{appointment}"
    yield from (f"/desk/admin/{table}s/{_lowest(city, table)}" for table in ("area", "channel"))
    yield f"/desk/admin/categories/{_lowest(city, 'category')}"
    unit = city.ask("select max(id) from unit where handles_cases")[0]
    yield from (f"/desk/admin/units/{unit}", f"/desk/admin/units/{unit}/end")
    yield "/desk/admin/numbers/slip"


def _lowest(city: City, table: str) -> int:
    return int(city.ask(f"select min(id) from {table}")[0])


def desk(city: City, page: Page, every_state: bool = False) -> Iterator[str]:
    """The desk as whoever is signed in finds it: lists, cases, and each act that nobody has come to yet."""
    yield from ("/desk/", "/desk/cases?state=any")
    yield from (path for path in _lists(city) if city.endpoint(path) not in city.visited)
    seen: set[str] = set()
    for state in (*CaseState, REFUSAL_OBJECTED, EXTENSION_ASKED):
        for ref in _refs(page, f"/desk/cases?state={state}")[:1]:
            if every_state or state == CaseState.HANDLING:
                yield f"/desk/cases/{ref}"
            for path in _links(page, f"/desk/cases/{ref}"):
                name = city.endpoint(path)
                if name and name not in seen | city.visited | set(NO_PAGES):
                    seen.add(name)
                    yield path
    yield from _releases(city, page)
    yield from _commitments(city, page)


def _commitments(city: City, page: Page) -> Iterator[str]:
    """One commitment in each state, and what can be done with it that nobody has come to yet."""
    seen: set[str] = set()
    of_each_state = city.ask("select min(ref) from commitment group by state order by state")
    undecided = city.ask(
        "select c.ref from commitment c join commitment_proposal p on p.commitment_id = c.id where p.decided_at is null"
    )
    for ref in [*of_each_state, *undecided]:
        path = f"/desk/commitments/{ref}"
        if page.request.get(path).status != 200:
            continue
        yield path
        for link in _links(page, path):
            name = city.endpoint(link)
            if name and name not in seen | city.visited | set(NO_PAGES):
                seen.add(name)
                yield link


def _lists(city: City) -> Iterator[str]:
    yield from ("/account/", "/account/second-factor", "/account/alerts")
    yield from (path for path in city.plain("/desk") if not path.startswith(("/desk/admin", "/desk/cases")))
    yield from (f"/desk/templates/{number}" for number in city.ask("select min(id) from reply_template"))
    yield from (f"/desk/rules/{number}" for number in city.ask("select min(id) from routing_rule"))
    if "notice_desk.notice" not in city.visited:
        yield from (
            f"/desk/notices/{number}" for number in city.ask("select max(id) from notice group by state")
        )
    if "outcome_desk.outcome" not in city.visited:
        yield from (
            f"/desk/outcomes/{number}" for number in city.ask("select max(id) from outcome group by state")
        )


def _releases(city: City, page: Page) -> Iterator[str]:
    if "releases.review" in city.visited:
        return
    shown = re.findall(r"show=(\w+)", page.request.get("/desk/releases").text())
    yield from (f"/desk/releases?show={show}" for show in sorted(set(shown)))
    yield from (
        f"/desk/releases/published/{ref}"
        for ref in city.ask("select min(ref) from published_case where visible")
    )
    unpublished = city.ask("select max(id) from release where state <> 'released' group by state")
    yield from (f"/desk/releases/{number}" for number in unpublished)


def _refs(page: Page, path: str) -> list[str]:
    return list(
        dict.fromkeys(re.findall(r'href="/desk/cases/([A-Z]\d\d-\d+)"', page.request.get(path).text()))
    )


def _links(page: Page, path: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf'href="({path}/[^"#]+)"', page.request.get(path).text())))


def walk(page: Page, addresses: Iterator[str], look: Callable[[str], None]) -> None:
    """Visit each of them once; `look` is called with the address when its page is there."""
    done: set[str] = set()
    for path in addresses:
        if path in done:
            continue
        done.add(path)
        answer = page.goto(path)
        if answer and answer.status in (403, 404) and path != "/no-such-page":
            continue
        look(path)
