"""Trees and lists from tables: units, areas, categories, channels. Rows are known by their code, so the same
file twice changes nothing; a bad row is told by its line and the good ones stay."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.administration import service
from portal.cases.models import Category, Channel
from portal.identity import rules
from portal.identity import service as identity
from portal.identity.actors import Actor
from portal.identity.models import Area, Unit
from portal.kernel.csvfiles import Column, Row
from portal.kernel.errors import Invalid, PortalError
from portal.kernel.words import N_

YES = frozenset({"1", "y", "yes", "true", "是", "√"})
NO = frozenset({"0", "n", "no", "false", "否", "×"})
_CODE = Column("code", ("代码", "编码", "单位代码", "区域代码", "类别代码", "渠道代码"), required=True)
_NAME = Column("name", ("名称", "全称", "单位名称", "区域名称", "类别名称", "渠道名称"), required=True)
_NAME_EN = Column("name_en", ("英文名", "英文名称", "english"))
_PARENT = Column("parent", ("上级", "上级代码", "上级单位代码", "上级区域代码", "parent_code"))
_SORT = Column("sort", ("排序", "序号"))
_ACTIVE = Column("active", ("启用", "是否启用"))


@dataclass(frozen=True)
class Kind:
    """A kind of table: its columns, the model, the fields a row may change, and the two acts."""

    columns: tuple[Column, ...]
    model: type[Any]
    fields: tuple[str, ...]
    add: Callable[..., Any]
    change: Callable[..., str]
    longest: dict[str, int]
    yes_no: frozenset[str] = frozenset({"active"})


UNITS = Kind(
    (
        _CODE,
        _NAME,
        Column("short_name", ("简称", "单位简称")),
        _NAME_EN,
        Column("slug", ("网址名",)),
        _PARENT,
        Column("duties", ("职责", "主要职责", "duty")),
        Column("phone", ("电话", "联系电话")),
        Column("handles_cases", ("承办", "是否承办")),
        _SORT,
    ),
    Unit,
    ("name", "short_name", "name_en", "slug", "parent_id", "duties", "phone", "handles_cases", "sort"),
    identity.add_unit,
    identity.change_unit,
    {"short_name": 60, "name_en": 160, "duties": 2000, "phone": 40},
    frozenset({"handles_cases"}),
)
AREAS = Kind(
    (_CODE, _NAME, _NAME_EN, _PARENT, _SORT, _ACTIVE),
    Area,
    ("name", "name_en", "parent_id", "active", "sort"),
    identity.add_area,
    identity.change_area,
    {"name_en": 120},
)
CATEGORIES = Kind(
    (_CODE, _NAME, _NAME_EN, Column("description", ("说明", "描述")), _SORT, _ACTIVE),
    Category,
    ("name", "name_en", "description", "active", "sort"),
    service.add_category,
    service.change_category,
    {"name_en": 120, "description": 500},
)
CHANNELS = Kind(
    (
        _CODE,
        _NAME,
        _NAME_EN,
        Column("kind", ("方式", "类型")),
        Column("staff_only", ("仅工作人员", "内部")),
        _SORT,
        _ACTIVE,
    ),
    Channel,
    ("name", "name_en", "kind", "staff_only", "active", "sort"),
    service.add_channel,
    service.change_channel,
    {"name_en": 120},
    frozenset({"active", "staff_only"}),
)


@dataclass
class Tally:
    """What an import did, and the lines it refused with the reason of each."""

    added: int = 0
    known: int = 0
    changed: int = 0
    refused: list[tuple[int, PortalError]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"added {self.added}, known {self.known}, changed {self.changed}, refused {len(self.refused)}"


def import_rows(db: Session, now: datetime, actor: Actor, kind: Kind, rows: tuple[Row, ...]) -> Tally:
    """Add or change what the rows say. Columns a file does not have stay as they are."""
    tally = Tally()
    ids: dict[str, int] = {row.code: row.id for row in db.execute(select(kind.model.code, kind.model.id))}
    for row in _parents_first([_plain(row) for row in rows], tally):
        try:
            with db.begin_nested():
                _take(db, now, actor, kind, row, ids, tally)
        except PortalError as error:
            tally.refused.append((row.line, error))
    tally.refused.sort(key=lambda refusal: refusal[0])
    return tally


def _plain(row: Row) -> Row:
    """The row with its codes in the width in which codes are kept."""
    codes = {
        name: unicodedata.normalize("NFKC", row.cells[name])
        for name in ("code", "parent")
        if name in row.cells
    }
    return Row(row.line, row.cells | codes, row.surplus)


def _take(
    db: Session, now: datetime, actor: Actor, kind: Kind, row: Row, ids: dict[str, int], tally: Tally
) -> None:
    if row.surplus:
        raise Invalid("surplus_cells", N_("This row has more cells than the header."))
    code = rules.code(row.cells["code"])
    values = _values(kind, row, ids)
    known = ids.get(code)
    if known is None:
        ids[code] = kind.add(db, now, actor, code=code, **values).id
        tally.added += 1
        return
    present = db.get_one(kind.model, known)
    merged = {name: getattr(present, name) for name in kind.fields} | values
    if kind.change(db, now, actor, known, **merged):
        tally.changed += 1
    else:
        tally.known += 1


def _values(kind: Kind, row: Row, ids: dict[str, int]) -> dict[str, Any]:
    """The row's cells as arguments; an empty yes-no or number says nothing."""
    values: dict[str, Any] = {}
    for name, cell in row.cells.items():
        if name == "code":
            continue
        if name == "parent":
            values["parent_id"] = _parent(cell, ids)
        elif name in kind.yes_no:
            values |= {name: _yes_no(name, cell)} if cell else {}
        elif name == "sort":
            values |= {name: _number(name, cell)} if cell else {}
        elif len(cell) > kind.longest.get(name, len(cell)):
            raise Invalid(
                "cell_length",
                N_("Column %(column)s: at most %(max)d characters."),
                column=name,
                max=kind.longest[name],
            )
        elif cell or name != "kind":
            values[name] = cell
    return values


def _parent(cell: str, ids: dict[str, int]) -> int | None:
    if cell and cell not in ids:
        raise Invalid(
            "parent_unknown", N_("The parent “%(parent)s” is neither stored nor in this file."), parent=cell
        )
    return ids[cell] if cell else None


def _yes_no(column: str, cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise Invalid("yes_or_no", N_("Column %(column)s: write yes or no (是 or 否)."), column=column)
    return cell.lower() in YES


def _number(column: str, cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 6):
        raise Invalid("whole_number", N_("Column %(column)s: write a whole number."), column=column)
    return int(cell)


def _parents_first(rows: list[Row], tally: Tally) -> Iterator[Row]:
    """Rows in an order in which a parent comes before what stands below it; circles and doubles are refused."""
    by_code: dict[str, Row] = {}
    for row in rows:
        first = by_code.setdefault(row.cells["code"], row)
        if first is not row:
            tally.refused.append(
                (row.line, Invalid("code_twice", N_("Line %(line)d has the same code."), line=first.line))
            )
    done: set[int] = set()
    for row in by_code.values():
        chain: list[Row] = []
        up: Row | None = row
        while up is not None and up.line not in done:
            if up in chain:
                circle = Invalid("circle", N_("These rows stand below each other in a circle."))
                members = chain[chain.index(up) :]
                tally.refused += [(member.line, circle) for member in members]
                done |= {member.line for member in members}
                chain = chain[: chain.index(up)]
                break
            chain.append(up)
            up = by_code.get(up.cells.get("parent", ""))
        for member in reversed(chain):
            done.add(member.line)
            yield member
