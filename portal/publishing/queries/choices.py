"""What a reader can choose from: units, categories and areas with their names, in one statement, kept in memory."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

_ALL = text(
    "SELECT 'unit' AS sort_of, id, slug AS code, name, short_name, name_en, parent_id, sort, handles_cases"
    " FROM unit"
    " UNION ALL SELECT 'category', id, code, name, name, name_en, NULL, sort, active FROM category"
    " UNION ALL SELECT 'area', id, code, name, name, name_en, parent_id, sort, active FROM area"
    " ORDER BY 1, 8, 3"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit, category or area by its public code."""

    id: int
    code: str
    name: str
    short_name: str
    name_en: str
    parent_id: int | None
    offered: bool


@dataclass(frozen=True, eq=False)
class Choices:
    """The three trees, each by number and in the office's order."""

    unit: dict[int, Choice] = field(default_factory=dict)
    category: dict[int, Choice] = field(default_factory=dict)
    area: dict[int, Choice] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def tree(self, facet: str) -> dict[int, Choice]:
        """All of one kind."""
        found: dict[int, Choice] = getattr(self, facet)
        return found

    def number(self, facet: str, code: str) -> int | None:
        """The number of what has this code."""
        return self._numbers.get((facet, code.lower()))

    def get(self, facet: str, code: str) -> Choice | None:
        """What has this code."""
        number = self.number(facet, code)
        return None if number is None else self.tree(facet)[number]

    def above(self, facet: str, number: int | None) -> list[int]:
        """The number itself and those of what it lies in."""
        tree, found = self.tree(facet), list[int]()
        while number is not None and number in tree and number not in found:
            found.append(number)
            number = tree[number].parent_id
        return found


_kept: WeakKeyDictionary[Engine, tuple[Hashable, Choices]] = WeakKeyDictionary()


def load(db: Session, stamp: Hashable = None) -> Choices:
    """The choices; with the `stamp` of the data they were loaded at, they are loaded once for it."""
    engine = db.get_bind().engine
    kept = _kept.get(engine)
    if kept is not None and stamp is not None and kept[0] == stamp:
        return kept[1]
    found = Choices()
    for row in db.execute(_ALL):
        choice = Choice(
            row.id, row.code, row.name, row.short_name, row.name_en, row.parent_id, bool(row.handles_cases)
        )
        found.tree(row.sort_of)[row.id] = choice
        found._numbers[(row.sort_of, row.code.lower())] = row.id
    if stamp is not None:
        _kept[engine] = (stamp, found)
    return found
