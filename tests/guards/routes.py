"""Writes the list of routes anew: `python -m tests.guards.routes`. Look at the difference before committing it."""

import sys
import tempfile
from pathlib import Path

from portal.app import create_app
from portal.settings import Settings
from tests.conftest import KEYS
from tests.guards.test_every_page import LIST, line


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings(f"sqlite:///{folder}/x.db", "a secret key for tests only", KEYS, upload_dir=Path(folder))
        )
        LIST.write_text("\n".join(sorted(line(app, rule) for rule in app.url_map.iter_rules())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
