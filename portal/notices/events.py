"""Facts about notices; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticePublished:
    """Everybody can read it from now on."""

    notice_id: int


@dataclass(frozen=True)
class NoticeWithdrawn:
    """It was taken away; what stays is that it was, when and why."""

    notice_id: int
