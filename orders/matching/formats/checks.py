"""Checks of parsed JSON, a whole column of values at a time; the first offender is named with its place.

Each check runs at the speed of C over the column and looks for the place only once something is wrong.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from .reading import BadFile, Repeated

MINUTES: Final = (-1_000_000, 1_000_000)
INT: Final = frozenset((int,))
INT_OR_NULL: Final = frozenset((int, type(None)))
NUMBER: Final = frozenset((int, float))
FLAG: Final = frozenset((int, bool))
LIST: Final = frozenset((list,))
OBJECT: Final = frozenset((dict,))
TEXT: Final = frozenset((str,))
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one kind from all over the file; ``where`` gives the place of the value at an index."""

    values: Sequence[Any]
    where: Callable[[int], str]

    def fail(self, at: int, problem: str) -> BadFile:
        """The error about one value."""
        return BadFile(self.where(at), problem)


def column(values: Sequence[Any], name: str) -> Column:
    """The elements of a list called ``name``."""
    return Column(values, lambda at: f"{name}[{at}]")


def single(value: Any, name: str) -> Column:
    """One value as a column."""
    return Column((value,), lambda at: name)


def member(objects: Column, key: str) -> Column:
    """The values under a key that every object has."""
    return Column([each[key] for each in objects.values], lambda at: _dotted(objects.where(at), key))


def optional(objects: Column, key: str) -> Column:
    """The values under a key, None where an object has it not."""
    return Column([each.get(key) for each in objects.values], lambda at: _dotted(objects.where(at), key))


def elements(lists: Column) -> Column:
    """All elements of all lists, one after another."""
    return Column(list(chain.from_iterable(lists.values)), lambda at: _element(lists, at))


def slot(rows: Column, at: int) -> Column:
    """What stands at one position of every row."""
    return Column(list(map(operator.itemgetter(at), rows.values)), lambda row: f"{rows.where(row)}[{at}]")


def check_type(values: Column, types: frozenset[type], wanted: str) -> None:
    """Every value has exactly one of the types (a bool is no int)."""
    if not types.issuperset(map(type, values.values)):
        at = next(i for i, value in enumerate(values.values) if type(value) not in types)
        raise values.fail(at, f"must be {wanted}, not {shown(values.values[at])}")


def check_range(values: Column, low: int | float, high: int | float) -> None:
    """Every value lies in low..high; None is passed over, NaN lies nowhere."""
    distinct = set(values.values)
    distinct.discard(None)
    if not distinct or (low <= min(distinct) and max(distinct) <= high and not _has_nan(distinct)):
        return
    at = next(i for i, value in enumerate(values.values) if value is not None and not low <= value <= high)
    raise values.fail(at, f"must be {_range(low, high)}, not {shown(values.values[at])}")


def check_whole(values: Column, low: int, high: int) -> None:
    """Integers in low..high."""
    check_type(values, INT, "an integer")
    check_range(values, low, high)


def check_number(values: Column, low: float, high: float) -> None:
    """Finite numbers in low..high."""
    check_type(values, NUMBER, "a number")
    check_range(values, low, high)


def check_flag(values: Column) -> None:
    """0 or 1, or false or true."""
    check_type(values, FLAG, "0 or 1")
    check_range(values, 0, 1)


def check_limit(values: Column, high: int | None = None) -> None:
    """Integers from 0 on, or null for no limit."""
    check_type(values, INT_OR_NULL, "an integer or null")
    check_range(values, 0, float("inf") if high is None else high)


def check_index(values: Column, size: int, thing: str) -> None:
    """Positions in a list of ``size`` things."""
    check_type(values, INT, "an integer")
    distinct = set(values.values)
    if distinct and not (min(distinct) >= 0 and max(distinct) < size):
        at = next(i for i, value in enumerate(values.values) if not 0 <= value < size)
        raise values.fail(at, f"no such {thing}: {shown(values.values[at])} ({_ids(size)})")


def check_lists(values: Column) -> None:
    """Lists."""
    check_type(values, LIST, "a list")


def check_rows(values: Column, width: int, form: str) -> None:
    """Lists of exactly ``width`` elements."""
    check_type(values, LIST, f"a list {form}")
    if not {width}.issuperset(map(len, values.values)):
        at = next(i for i, row in enumerate(values.values) if len(row) != width)
        raise values.fail(at, f"must be {form}, not {len(values.values[at])} elements")


def check_objects(values: Column, required: Collection[str], allowed: Collection[str] | None = None) -> None:
    """Objects that have all required keys; ``allowed`` more keys and no others, None: any others."""
    check_type(values, OBJECT, "an object")
    for keys in dict.fromkeys(map(tuple, values.values)):
        missing = [key for key in required if key not in keys]
        unknown = [key for key in keys if allowed is not None and key not in required and key not in allowed]
        if missing or unknown:
            at = next(i for i, each in enumerate(values.values) if tuple(each) == keys)
            problem = "missing" if missing else "unknown key"
            raise BadFile(_dotted(values.where(at), (missing or unknown)[0]), problem)


def check_filled(lists: Column, thing: str) -> None:
    """No list is empty."""
    if not all(lists.values):
        at = next(i for i, each in enumerate(lists.values) if not each)
        raise lists.fail(at, f"must name at least one {thing}")


def check_length(values: Column, lengths: int, meaning: str) -> None:
    """Lists of one length, that of ``meaning``."""
    for at, each in enumerate(values.values):
        if len(each) != lengths:
            raise values.fail(at, f"has {len(each)} entries, {meaning} is {lengths}")


def check_order(starts: Column, ends: Column) -> None:
    """Each end comes after its start."""
    if any(map(operator.ge, starts.values, ends.values)):
        at = next(i for i, (a, b) in enumerate(zip(starts.values, ends.values, strict=True)) if a >= b)
        end, start = shown(ends.values[at]), shown(starts.values[at])
        raise ends.fail(at, f"must be after start ({end} ≤ {start})")


def check_unique(values: Column, thing: str) -> None:
    """No value comes twice."""
    if len(set(values.values)) == len(values.values):
        return
    first: dict[Any, int] = {}
    for at, value in enumerate(values.values):
        if first.setdefault(value, at) != at:
            raise values.fail(at, f"{thing} {shown(value)} was given before, at {values.where(first[value])}")


def check_position(values: Column) -> None:
    """Each id is the position in its list."""
    check_type(values, INT, "an integer")
    if list(values.values) != list(range(len(values.values))):
        at = next(i for i, value in enumerate(values.values) if value != i)
        raise values.fail(at, f"must be its position {at}, not {shown(values.values[at])}")


def shown(value: Any) -> str:
    """A value in words short enough for one line."""
    if isinstance(value, Repeated):
        return "a key given twice"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    named = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return named[value]
    text = repr(value) if not isinstance(value, int) or value.bit_length() < 200 else "a huge number"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _has_nan(values: Collection[Any]) -> bool:
    """Min and max may pass NaN over, a sum never does."""
    total = sum(values)
    return bool(total != total)


def _element(lists: Column, at: int) -> str:
    for owner, each in enumerate(lists.values):
        if at < len(each):
            return f"{lists.where(owner)}[{at}]"
        at -= len(each)
    raise IndexError(at)


def _dotted(parent: str, key: str) -> str:
    plain = key if key.isidentifier() else shown(key)
    return f"{parent}.{plain}" if parent else plain


def _ids(size: int) -> str:
    return f"there are 0..{size - 1}" if size else "there are none"


def _range(low: float, high: float) -> str:
    return f"at least {low}" if high == float("inf") else f"from {low} to {high}"
