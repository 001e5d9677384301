"""Facts about commitments; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CommitmentStepped:
    """Something that everybody reads happened to a commitment: it was made, followed up, changed, became late, ended."""

    commitment_id: int
    act: str
    entry_id: int
