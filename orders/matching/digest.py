"""The fingerprint of a run's inputs: SHA-256 over a canonical text, whatever order they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, singledispatch
from operator import attrgetter
from typing import Any

from .prepared import instant
from .types import Held, LatLng, Need, Weights

Plain = int | float | str | tuple[Any, ...] | None


def digest_of(
    needs: Iterable[Need],
    weights: Weights,
    held: Iterable[Held],
    present: Iterable[Held],
    excluded: Mapping[int, frozenset[int]],
    columns: Iterable[bytes | memoryview],
) -> str:
    """64 hexadecimal digits. ``columns`` say the same of the people who suit, in an order of their own."""
    blocked = {shift: workers for shift, workers in excluded.items() if workers}
    chosen = (_rows(Held, held), _rows(Held, present))
    parts = (_rows(Need, needs), _rows(Weights, [weights]), *chosen, _levels(blocked))
    found = hashlib.sha256("\n".join(map(repr, parts)).encode())
    for column in columns:
        found.update(memoryview(column).nbytes.to_bytes(8, "little"))
        found.update(column)
    return found.hexdigest()


def _rows(kind: type, values: Iterable[Any]) -> Sequence[Plain]:
    """Each as all of its fields; no sequence among the inputs has a meaningful order. Whole objects of one kind begin
    with what tells them apart, so that no two fields of other types are ever compared."""
    read = attrgetter(*(field.name for field in fields(kind)))
    return sorted(tuple([_plain(value) for value in read(each)]) for each in values)


def _plain(value: Any) -> Plain:
    """Something whose text is the same for equal values. This runs over every field: most are of these types."""
    kind = type(value)
    return value if kind is int or kind is str or kind is bool or value is None else _other(value)


@singledispatch
def _other(value: object) -> Plain:
    raise TypeError(f"cannot fingerprint {type(value).__name__}")


_other.register(int, int)
_other.register(str, str)
_other.register(float, float)
_other.register(datetime, instant)


@_other.register
def _(value: Decimal) -> Plain:
    return str(value.normalize())


@_other.register
def _(value: LatLng) -> Plain:
    return value.lat, value.lng


@_other.register(Mapping)
def _levels(value: Mapping[Any, Any]) -> Plain:
    return tuple(sorted((key, _plain(item)) for key, item in value.items()))


@_other.register(frozenset)
@lru_cache(maxsize=1 << 12)
def _sorted(values: frozenset[Any]) -> Plain:
    """The team of a client and what an order asks for come back with every shift."""
    return tuple(sorted(values))
