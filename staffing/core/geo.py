"""Places on the ground: distance, the WGS-84 and GCJ-02 datums, boxes for queries, the fence of a site. Pure.

Browsers report WGS-84; maps sold in mainland China show GCJ-02, 100–700 m away. Coordinates are stored with their
datum and compared in one. Degrees throughout, latitude before longitude; distances name their unit.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, degrees, fabs, hypot, isfinite, pi, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0
METRES_PER_KM = 1000.0

# GCJ-02 uses the Krasovsky 1940 ellipsoid: semi-major axis in metres and squared eccentricity.
KRASOVSKY_AXIS_M = 6378245.0
KRASOVSKY_ECCENTRICITY_SQUARED = 0.00669342162296594323
# The published transformation centres its polynomial here and leaves everything outside the box unchanged.
ORIGIN_LATITUDE, ORIGIN_LONGITUDE = 35.0, 105.0
CHINA_LATITUDES, CHINA_LONGITUDES = (0.8293, 55.8271), (72.004, 137.8347)
# About 0.1 mm; the inverse gets there in four to six steps.
INVERSE_TOLERANCE_DEGREES = 1e-9
INVERSE_STEPS = 30


class Datum(StrEnum):
    """The reference a coordinate was measured in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees. ValueError outside −90…90 and −180…180."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (isfinite(self.latitude) and isfinite(self.longitude)):
            raise ValueError("coordinates must be finite")
        if abs(self.latitude) > 90 or abs(self.longitude) > 180:
            raise ValueError("coordinates out of range")


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees, edges included: the cheap filter before the exact distance."""

    south: float
    west: float
    north: float
    east: float

    def covers(self, point: Point) -> bool:
        return self.south <= point.latitude <= self.north and self.west <= point.longitude <= self.east


@dataclass(frozen=True, slots=True)
class FenceRuling:
    """Whether a reported position counts as at the site. `counted_m` is the distance after the allowance for
    accuracy; `coarse` says that the device was less sure than the allowance covers, so that other proof (the QR of
    the site) is worth asking for.
    """

    inside: bool
    counted_m: float
    coarse: bool


def distance_km(one: Point, other: Point) -> float:
    """Great-circle distance by the haversine formula on a sphere of 6371 km; both points in the same datum."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half_lat = sin((lat2 - lat1) / 2)
    half_lon = sin(radians(other.longitude - one.longitude) / 2)
    chord = half_lat**2 + cos(lat1) * cos(lat2) * half_lon**2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def distance_m(one: Point, other: Point) -> float:
    """`distance_km` in metres."""
    return distance_km(one, other) * METRES_PER_KM


def bounding_box(centre: Point, radius_km: float) -> Box:
    """A box that holds every point within `radius_km`. Near a pole or the date line it spans all longitudes.

    ValueError for a negative radius.
    """
    if radius_km < 0:
        raise ValueError("radius must not be negative")
    angle = radius_km / EARTH_RADIUS_KM
    south = max(-90.0, centre.latitude - degrees(angle))
    north = min(90.0, centre.latitude + degrees(angle))
    if south <= -90 or north >= 90:
        return Box(south, -180.0, north, 180.0)
    reach = degrees(asin(min(1.0, sin(angle) / cos(radians(centre.latitude)))))
    west, east = centre.longitude - reach, centre.longitude + reach
    if west < -180 or east > 180:
        return Box(south, -180.0, north, 180.0)
    return Box(south, west, north, east)


def within_fence(distance_m: float, accuracy_m: float, radius_m: float, accuracy_cap_m: float = 100.0) -> FenceRuling:
    """Inside when the distance less the accuracy of the reading reaches the fence; all in metres.

    The worker has the benefit of the doubt, but only up to `accuracy_cap_m`: a device that claims 5 km of accuracy
    would otherwise be at every site of the city. ValueError for negative figures.
    """
    if min(distance_m, accuracy_m, radius_m, accuracy_cap_m) < 0:
        raise ValueError("metres must not be negative")
    counted = max(0.0, distance_m - min(accuracy_m, accuracy_cap_m))
    return FenceRuling(inside=counted <= radius_m, counted_m=counted, coarse=accuracy_m > accuracy_cap_m)


def in_china(point: Point) -> bool:
    """Whether the datums differ here: the rough box of the published transformation, not a border."""
    south, north = CHINA_LATITUDES
    west, east = CHINA_LONGITUDES
    return south <= point.latitude <= north and west <= point.longitude <= east


def to_gcj02(point: Point, datum: Datum = Datum.WGS84) -> Point:
    """The point in GCJ-02; unchanged outside China or if it is GCJ-02 already."""
    if datum is Datum.GCJ02 or not in_china(point):
        return point
    north, east = _offset(point)
    return Point(point.latitude + north, point.longitude + east)


def to_wgs84(point: Point, datum: Datum = Datum.GCJ02) -> Point:
    """The point in WGS-84, by iteration to well under 0.5 m; unchanged outside China or if it is WGS-84 already."""
    if datum is Datum.WGS84 or not in_china(point):
        return point
    guess = point
    for _step in range(INVERSE_STEPS):
        north, east = _offset(guess)
        better = Point(point.latitude - north, point.longitude - east)
        moved = hypot(better.latitude - guess.latitude, better.longitude - guess.longitude)
        guess = better
        if moved < INVERSE_TOLERANCE_DEGREES:
            break
    return guess


def _offset(point: Point) -> tuple[float, float]:
    """Degrees north and east from WGS-84 to GCJ-02 (the well-known published polynomial; the original is secret)."""
    x, y = point.longitude - ORIGIN_LONGITUDE, point.latitude - ORIGIN_LATITUDE
    latitude = radians(point.latitude)
    flat = 1 - KRASOVSKY_ECCENTRICITY_SQUARED * sin(latitude) ** 2
    meridian = KRASOVSKY_AXIS_M * (1 - KRASOVSKY_ECCENTRICITY_SQUARED) / (flat * sqrt(flat))
    parallel = KRASOVSKY_AXIS_M / sqrt(flat) * cos(latitude)
    return degrees(_metres_north(x, y) / meridian), degrees(_metres_east(x, y) / parallel)


def _metres_north(x: float, y: float) -> float:
    smooth = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x))
    waves = 20.0 * sin(y * pi) + 40.0 * sin(y / 3 * pi) + 160.0 * sin(y / 12 * pi) + 320.0 * sin(y * pi / 30)
    return smooth + (_ripple(x) + waves) * 2 / 3


def _metres_east(x: float, y: float) -> float:
    smooth = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x))
    waves = 20.0 * sin(x * pi) + 40.0 * sin(x / 3 * pi) + 150.0 * sin(x / 12 * pi) + 300.0 * sin(x / 30 * pi)
    return smooth + (_ripple(x) + waves) * 2 / 3


def _ripple(x: float) -> float:
    return 20.0 * sin(6 * x * pi) + 20.0 * sin(2 * x * pi)
