"""Geometry of the small server-drawn SVG charts; no Django here."""

from collections.abc import Sequence
from dataclasses import dataclass

SERIES_COLOURS = 6
SPARK_WIDTH = 120
SPARK_HEIGHT = 28
SPARK_MARGIN = 2


@dataclass(frozen=True)
class Segment:
    """One part of a score bar: `x` and `width` in percent of the bar, `colour` 1 to 6."""

    label: str
    points: float
    maximum: float
    x: float
    width: float
    colour: int


def segments(parts: Sequence[tuple[str, float, float]]) -> list[Segment]:
    """Lay (label, points, maximum) side by side; the full bar is the sum of the maxima, points are clipped to it."""
    whole = sum(maximum for _, _, maximum in parts) or 1
    laid: list[Segment] = []
    x = 0.0
    for index, (label, points, maximum) in enumerate(parts):
        width = round(100 * min(max(points, 0), maximum) / whole, 2)
        laid.append(Segment(label, points, maximum, round(x, 2), width, index % SERIES_COLOURS + 1))
        x += width
    return laid


def spark_points(values: Sequence[float]) -> str:
    """`points` of an SVG polyline in a box of 120 × 28; flat series run in the middle; empty below two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / (len(values) - 1)
    inner = SPARK_HEIGHT - 2 * SPARK_MARGIN

    def height(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return SPARK_HEIGHT - SPARK_MARGIN - inner * share

    return " ".join(f"{SPARK_MARGIN + step * index:.1f},{height(value):.1f}" for index, value in enumerate(values))
