"""Distances, compiled: screened by unit vectors; where the screen could differ from the exact formula, that decides."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from .jit import compiled
from .prepared import DAY_MINUTES, EARTH_KM, SAME_PLACE_KM
from .tables import Column

# one metre, as in `rules`
TOLERANCE_KM: Final = 0.001
_P: Final = math.pi / 180
# relative width around a limit inside which the screen does not decide
BAND: Final = 1e-6
# sine of half the angle up to which the series below is exact enough (some 600 km)
_NEAR: Final = 0.05
# rounded up
_KM_A_DEGREE: Final = 111.2


def unit_vectors(lat: Column, lng: Column) -> Column:
    """float64[n, 3] on the unit sphere of degrees; NaN stays NaN."""
    north, east = np.radians(lat), np.radians(lng)
    flat = np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)], axis=1)


def half_chord_squared(km: Column) -> Column:
    """Square of half the chord that spans ``km`` (what `half_square` is compared with); 1 from half the globe on."""
    angle = np.minimum(np.maximum(km, 0.0) / (2 * EARTH_KM), math.pi / 2)
    return np.asarray(np.sin(angle) ** 2)


@compiled
def haversine(lat_a: float, lng_a: float, lat_b: float, lng_b: float) -> float:
    """km on a sphere of 6371.0 km; the order of operations is that of `prepared.distance_km`."""
    x = (
        math.sin((lat_b - lat_a) * _P / 2) ** 2
        + math.cos(lat_a * _P) * math.cos(lat_b * _P) * math.sin((lng_b - lng_a) * _P / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, x)))


@compiled
def half_square(xyz: Any, row: int, x: float, y: float, z: float) -> float:
    """Square of half the chord between a person and a point: the haversine of their angle."""
    a, b, c = xyz[row, 0] - x, xyz[row, 1] - y, xyz[row, 2] - z
    return (a * a + b * b + c * c) / 4


@compiled
def points_at(square: float, limit: float, most: int) -> float:
    """``most·(1 − km/limit)`` by series, or -1 where only the exact formula can tell the whole number below it."""
    half = math.sqrt(square)
    if half > _NEAR:
        return -1.0
    angle = half * (1 + square * (1 / 6 + square * (3 / 40 + square * (15 / 336 + square * (105 / 3456)))))
    value = most * (1 - 2 * EARTH_KM * angle / limit)
    unsure = 1e-6 + most * 1e-10 / limit
    if value < -unsure:
        return 0.0
    return -1.0 if abs(value - math.floor(value + 0.5)) < unsure else value


@compiled
def closeness(square: float, limit: float, most: int, lat_a: float, lng_a: float, lat_b: float, lng_b: float) -> int:
    """Whole points of closeness: ``most`` at the site, none at the limit; ``square`` as `half_square` gives it."""
    if not limit > 0:
        return 0
    value = points_at(square, limit, most)
    if value < 0:
        value = most * (1 - haversine(lat_a, lng_a, lat_b, lng_b) / limit)
    return max(0, int(value))


@compiled
def farthest(place: Any, at: int, lat: float, lng: float) -> float:
    """km that the way is at most: along the meridian, then along a parallel; NaN without a place."""
    return (abs(place[at, 0] - lat) + abs(place[at, 1] - lng)) * _KM_A_DEGREE


@compiled
def travel_minutes(place: Any, at: int, lat: float, lng: float, fixed: int, per_km: int) -> int:
    """Minutes from booked work at ``place[at]`` to a site; 0 where either is not on site or both are one place,
    a day at most."""
    if math.isnan(lat) or math.isnan(place[at, 0]) or math.isnan(place[at, 1]):
        return 0
    km = haversine(place[at, 0], place[at, 1], lat, lng)
    return 0 if km <= SAME_PLACE_KM else min(DAY_MINUTES, math.ceil(fixed + per_km * km))
