"""What an operator can set is written down where operators look."""

import re
from dataclasses import fields
from pathlib import Path

from portal.settings import Settings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/operating.md").read_text()
NOT_SET_DIRECTLY = {"keys"}
"""Made of CODE_KEY and DATA_KEYS, which are in the guide."""


def test_every_setting_is_in_the_operators_guide():
    names = {field.name.upper() for field in fields(Settings) if field.name not in NOT_SET_DIRECTLY}
    for path in ("portal/serve.py", "portal/settings.py"):
        names |= set(re.findall(r"""_setting\("([A-Z_]+)\"""", (ROOT / path).read_text()))
    missing = sorted(name for name in names if f"`{name}`" not in GUIDE)
    assert not missing, f"docs/operating.md says nothing of {missing}"
