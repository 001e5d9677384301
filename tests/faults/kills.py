"""The timetable under kills: workers are killed at seeded moments and started again, until a month has passed.

What must come out is what comes out without a kill: the same entries in the histories, the same alerts, each
once; every mail arrived, and one that arrived twice bears the same Message-ID.
"""

import random
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from portal.alerts.models import Alert, Delivery
from portal.cases.history import HistoryEntry
from portal.identity.models import Person
from portal.kernel.db import Database
from tests.builders import a_case
from tests.cast import NOW, City
from tests.faults.child import ROOT
from tests.mailbox import Mailbox

CITY = City()
LAST = 40 * 2
"""Ticks of half a day: forty days, in which every case becomes overdue and very late."""
STATES = ("handling", "handling", "assigned", "submitted", "waiting_asker", "objected", "answered")


@dataclass
class Outcome:
    """What a month left behind."""

    history: Counter[tuple[int, str]]
    alerts: Counter[str]
    deliveries: Counter[str]
    mails: Counter[str]


def populate(database: Database) -> None:
    """Cases whose clocks run out at different times, and staff with mailboxes."""
    with database.transaction() as db:
        for key in ("mei", "lin", "hou", "qiao", "lu"):
            db.get_one(Person, CITY.person(key)).email = f"{key}@city.example"
        for number, state in enumerate(STATES * 2):
            unit = "housing" if number % 2 else "roads"
            a_case(db, CITY, state, unit=unit, kind=("help", "enquiry", "complaint")[number % 3])


def month(database: Database, url: str, post: Mailbox, kills: int, seed: int, workers: int = 1) -> Outcome:
    """Let the month pass. All workers live through the same moments; so many kills fall among them."""
    chance = random.Random(seed)
    doomed = Counter(chance.choices(range(1, LAST), k=kills))
    team = [Worker(url, post.url) for _ in range(workers)]
    for number in range(LAST + 1):
        for worker in team:
            worker.start(number)
        for _ in range(doomed[number]):
            victim = chance.choice(team)
            # Somewhere inside the tick: at its beginning, or while mails go out.
            threading.Event().wait(chance.random() * 0.05)
            victim.killed()
            victim.start(number)
        for worker in team:
            worker.finish(number)
    for worker in team:
        worker.end()
    return _outcome(database, post)


class Worker:
    """A child that runs the timetable; it can be killed and is then another child."""

    def __init__(self, url: str, mail_url: str) -> None:
        self._command = [sys.executable, "-m", "tests.faults.worker", url, mail_url]
        self._spawn()

    def _spawn(self) -> None:
        self._child = subprocess.Popen(
            self._command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, number: int) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(f"{number}\n")
        self._child.stdin.flush()

    def killed(self) -> None:
        self._child.kill()
        self._child.communicate()
        self._spawn()

    def finish(self, number: int) -> None:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        assert line == f"{number}\n", self._child.communicate()[1]

    def end(self) -> None:
        _out, said = self._child.communicate(timeout=60)
        assert self._child.returncode == 0, said


def _outcome(database: Database, post: Mailbox) -> Outcome:
    with database.reading() as db:
        history = db.execute(select(HistoryEntry.case_id, HistoryEntry.act).where(HistoryEntry.at > NOW))
        return Outcome(
            Counter((row.case_id, row.act) for row in history),
            # Not by occasion: that holds row numbers, and PostgreSQL gives none back that a kill threw away.
            Counter(
                f"{row.kind}:{row.subject_id}:{row.recipient_kind}:{row.recipient_id}"
                for row in db.scalars(select(Alert))
            ),
            Counter(db.scalars(select(Delivery.state))),
            Counter(str(message["Message-ID"]) for message in post.messages),
        )
