"""Builds frozen dataclasses from `tomllib` tables: nested, with enums and tuples; refuses unknown keys."""

import dataclasses
import types
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ContentError(ValueError):
    """The demonstration city's files are not as they must be; the message says where and why."""


def build(cls: type[T], row: Mapping[str, Any], where: str) -> T:
    """An instance of the dataclass `cls` from a table; `where` names the row in errors."""
    hints = _hints(cls)
    if unknown := row.keys() - hints.keys():
        raise ContentError(f"{where}: unknown {', '.join(sorted(unknown))}")
    values = {name: _value(hints[name], value, f"{where}.{name}") for name, value in row.items()}
    try:
        return cls(**values)
    except TypeError as error:
        raise ContentError(f"{where}: {error}") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    if get_origin(hint) is types.UnionType:
        hint = next(kind for kind in get_args(hint) if kind is not types.NoneType)
    if get_origin(hint) is tuple:
        _expect(list, value, where)
        return tuple(_value(get_args(hint)[0], item, f"{where}[{at}]") for at, item in enumerate(value))
    if get_origin(hint) is dict:
        _expect(dict, value, where)
        return {key: _value(get_args(hint)[1], item, f"{where}.{key}") for key, item in value.items()}
    if dataclasses.is_dataclass(hint):
        _expect(dict, value, where)
        return build(hint, value, where)  # type: ignore[arg-type]
    _expect(str if issubclass(hint, StrEnum) else hint, value, where)
    return _worded(hint, value, where) if issubclass(hint, StrEnum) else value


def _worded(hint: type[StrEnum], value: str, where: str) -> StrEnum:
    try:
        return hint(value)
    except ValueError as error:
        raise ContentError(f"{where}: {error}") from error


def _expect(kind: type, value: Any, where: str) -> None:
    if type(value) is not kind:
        raise ContentError(f"{where}: {kind.__name__} expected, not {value!r}")


def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)
