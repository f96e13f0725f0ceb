"""The fingerprint of a run's inputs: SHA-256 over a canonical text, whatever order they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .types import Booking, Held, Need, Weights, Window


def digest_of(
    needs: Iterable[Need],
    weights: Weights,
    held: Iterable[Held],
    present: Iterable[Held],
    excluded: Mapping[int, frozenset[int]],
    columns: Iterable[bytes],
) -> str:
    """64 hexadecimal digits. ``columns`` say the same of the people who suit, in an order of their own."""
    blocked = {shift: workers for shift, workers in excluded.items() if workers}
    parts = (_set(needs), _text(weights), _set(held), _set(present), _text(blocked))
    found = hashlib.sha256("\n".join(parts).encode())
    for column in columns:
        found.update(len(column).to_bytes(8, "little"))
        found.update(column)
    return found.hexdigest()


def _set(values: Iterable[Any]) -> str:
    """No sequence among the inputs has a meaningful order."""
    return f"[{','.join(sorted(map(_text, values)))}]"


def _text(value: Any) -> str:
    """One text for one value. By exact type, since this runs over every field of every person."""
    kind = type(value)
    if kind is str or kind is int or kind is float or kind is bool or value is None:
        return repr(value)
    if kind is datetime:
        return str(value.astimezone(UTC).isoformat())
    if kind is Window or kind is Booking:
        return _repeated(value)
    if _fields(kind) is not None:
        return _row(value)
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted([f'{key!r}:{_text(item)}' for key, item in value.items()]))}}}"
    return _scalar(value)


def _row(value: Any) -> str:
    return f"({','.join([_text(getattr(value, name)) for name in _fields(type(value)) or ()])})"


# The same windows and bookings come back with every run.
_repeated = lru_cache(maxsize=1 << 16)(_row)


_known: dict[type, tuple[str, ...] | None] = {}


def _fields(kind: type) -> tuple[str, ...] | None:
    if kind not in _known:
        _known[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None
    return _known[kind]


def _scalar(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)} us"
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, Iterable):
        return _set(value)
    raise TypeError(f"cannot fingerprint {type(value).__name__}")
