"""Figures that follow from what was measured of an instance."""

from __future__ import annotations

from bench.files import Json

METHODS = ("ours", "scarcest", "cpsat", "best")


def best_known(one: Json) -> int:
    """The highest value that any method reached."""
    return int(max(one[by]["score"] for by in METHODS if "score" in one.get(by, {})))


def warm(one: Json) -> float:
    """Seconds of pairs and solve with everything loaded."""
    return float(one["product"]["warm"]["pairs"] + one["product"]["warm"]["solve"])


def memory(one: Json) -> float:
    """Megabytes of pairs and quick solve over a bare interpreter, compiler and compiled code included."""
    return float(one["engine"]["peak_mb"] - one["engine"]["interpreter_mb"])


def batch_memory(one: Json) -> float:
    """Megabytes of the product's whole batch over a bare interpreter."""
    return float(one["product"]["peak_mb"] - one["product"]["interpreter_mb"])
