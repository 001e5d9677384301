"""Facts about appeals and cases; ids only. Whoever hears them reloads what it may see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AppealFiled:
    """An appeal was taken in and its case opened (not told for imported history)."""

    appeal_id: int
    case_id: int


@dataclass(frozen=True)
class CaseMoved:
    """A case went from one state to another."""

    case_id: int
    source: str
    target: str
    history_id: int


@dataclass(frozen=True)
class CaseChanged:
    """Something the worklist or a projection shows changed without a change of state."""

    case_id: int
    act: str


@dataclass(frozen=True)
class AppealErased:
    """An appeal's words and contacts were erased."""

    appeal_id: int
