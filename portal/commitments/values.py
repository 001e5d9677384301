"""What the public history of a commitment holds, as it is kept in the projection. Values only."""

from typing import TypedDict


class PublicText(TypedDict):
    """The promise as it read for a time."""

    what: str
    how: str
    due: str


class PublicStep(TypedDict, total=False):
    """Something that happened: codes, days, and words that two persons have read."""

    at: str
    act: str
    words: str
    """The follow-up, or the reason of a change or an end."""
    since: str
    """The day it was reported or proposed, before a second person decided."""
    wish: str
    follow_up: int
    erased: bool
    before: PublicText
    after: PublicText
