"""The fingerprint of a run's inputs: SHA-256 over canonical JSON, whatever order they came in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .types import Candidate, Held, Need, Weights


def digest_of(
    needs: Iterable[Need],
    candidates: Iterable[Candidate],
    weights: Weights,
    held: Iterable[Held],
    excluded: Mapping[int, frozenset[int]],
    zone: str,
) -> str:
    """64 hexadecimal digits."""
    blocked = {shift: workers for shift, workers in excluded.items() if workers}
    inputs = {"needs": list(needs), "candidates": list(candidates), "weights": weights, "zone": zone}
    payload = _canonical(inputs | {"held": list(held), "excluded": blocked})
    return hashlib.sha256(_dump(payload).encode()).hexdigest()


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _canonical(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if is_dataclass(value):
        return [_canonical(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Iterable):
        # no sequence among the inputs has a meaningful order
        return sorted((_canonical(item) for item in value), key=_dump)
    return _scalar(value)


def _scalar(value: object) -> str | int:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, Decimal):
        return str(value.normalize())
    raise TypeError(f"cannot fingerprint {type(value).__name__}")
