"""A worker for tests: the portal's timetable on a clock that its parent drives, until it is told to end or killed.

    python -m tests.faults.worker URL MAIL_URL

Each line of the input is the number of a tick, `STEP` times that after the cast's Thursday; it comes back when
the tick has run.
"""

import sys
from datetime import timedelta
from pathlib import Path

from portal.app import create_app
from portal.kernel import jobs
from portal.settings import Settings
from tests.cast import NOW
from tests.house import KEYS

STEP = timedelta(hours=12)


def main(url: str, mail_url: str) -> None:
    settings = Settings(
        database_url=url,
        secret_key="a secret key for tests only",
        keys=KEYS,
        mail_url=mail_url,
        upload_dir=Path("/nonexistent"),
    )
    app = create_app(settings)
    database = app.extensions["portal_database"]
    for line in sys.stdin:
        while jobs.tick(database, NOW + int(line) * STEP):
            pass
        sys.stdout.write(line)
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
