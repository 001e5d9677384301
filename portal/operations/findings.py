"""What `portal check` finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, `note` (works, but know this) or `fault` (mend it)."""

    level: str
    about: str
    words: str
