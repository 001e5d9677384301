"""The portal as a measured side: its settings for a folder, and its commands."""

import os
import subprocess
import sys

from bench.harness import ROOT


def environment(folder: str) -> dict[str, str]:
    return {
        "PORTAL_DEMO": "1",
        "PORTAL_DATABASE_URL": f"sqlite:///{folder}/portal.db",
        "PORTAL_KEY_DIR": folder,
        "PORTAL_UPLOAD_DIR": f"{folder}/uploads",
        "PORTAL_ACCESS_LOG": "off",
        "PORTAL_PORT": "0",
    }


def command(folder: str, *arguments: str, **settings: str) -> None:
    """Run `portal …` on the bench's database."""
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env=os.environ | environment(folder) | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"portal {' '.join(arguments)}: {done.stderr[-2000:]}")
