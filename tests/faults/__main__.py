"""`python -m tests.faults --full`: the fault tests with their full counts, for a dated result in `docs/faults.md`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.kills import Outcome, month, populate
from tests.house import House
from tests.mailbox import mailbox
from tests.postgres import PostgresServer, server_binaries

FULL = 100


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--full", action="store_true", help=f"{FULL} kills instead of 4")
    kills = FULL if parser.parse_args().full else 4
    good = _on_sqlite(kills)
    binaries = server_binaries()
    if binaries is None:
        sys.stdout.write("PostgreSQL: no server binaries on this machine\n")
        return 0 if good else 1
    with PostgresServer(binaries) as server:
        good &= _compare("PostgreSQL, two workers", House(Path(tempfile.mkdtemp()), server), kills, workers=2)
    return 0 if good else 1


def _on_sqlite(kills: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return _compare("SQLite, one worker", House(Path(folder)), kills, workers=1)


def _compare(name: str, house: House, kills: int, workers: int) -> bool:
    expected, found = _month(house, 0, workers), _month(house, kills, workers)
    equal = (found.history, found.alerts, found.deliveries) == (
        expected.history,
        expected.alerts,
        expected.deliveries,
    )
    lost = len(expected.mails) - len(found.mails)
    twice = sum(found.mails.values()) - len(found.mails)
    sys.stdout.write(
        f"{name}: {kills} kills; {sum(found.history.values())} entries, {len(found.alerts)} alerts "
        f"{'as without kills' if equal else 'OTHER THAN WITHOUT KILLS'}; "
        f"{len(found.mails)} mails, {lost} lost, {twice} twice under the same Message-ID\n"
    )
    return equal and lost == 0


def _month(house: House, kills: int, workers: int) -> Outcome:
    assert house.app
    house.found()
    populate(house.database)
    with mailbox() as post:
        return month(house.database, house.settings.database_url, post, kills, seed=kills, workers=workers)


if __name__ == "__main__":
    raise SystemExit(main())
