from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.core.geo import Datum, Point, bounding_box, distance_km, distance_m, to_gcj02, to_wgs84, within_fence

BEIJING, SHANGHAI = Point(39.9042, 116.4074), Point(31.2304, 121.4737)

everywhere = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
# A little inside the box of the transformation: at its very edge the shift itself ends.
in_china = st.builds(Point, st.floats(1, 55.5), st.floats(72.5, 137.5))


def test_beijing_to_shanghai() -> None:
    assert distance_km(BEIJING, SHANGHAI) == pytest.approx(1067, abs=1)


def test_a_degree_of_latitude() -> None:
    assert distance_m(Point(0, 0), Point(1, 0)) == pytest.approx(111194.9, abs=0.1)


def test_opposite_points_are_half_the_globe_apart() -> None:
    assert distance_km(Point(0, 0), Point(0, 180)) == pytest.approx(20015.1, abs=0.1)


def test_the_known_shift_of_a_known_place() -> None:
    shifted = to_gcj02(Point(39.907333, 116.391083))  # Tian'anmen by GPS
    assert (shifted.latitude, shifted.longitude) == pytest.approx((39.908736, 116.397325), abs=2e-5)


@pytest.mark.parametrize("place", [Point(35.6812, 139.7671), Point(51.5, -0.12), Point(-33.87, 151.2)])
def test_outside_china_nothing_moves(place: Point) -> None:
    assert to_gcj02(place) == to_wgs84(place) == place


def test_a_point_already_in_the_datum_stays() -> None:
    assert to_gcj02(BEIJING, Datum.GCJ02) == to_wgs84(BEIJING, Datum.WGS84) == BEIJING


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_what_is_no_place_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="coordinates"):
        Point(latitude, longitude)


@pytest.mark.parametrize(
    ("distance", "accuracy", "inside", "coarse"),
    [
        (200, 0, True, False),
        (200.1, 0, False, False),
        (250, 50, True, False),
        (300, 100, True, False),
        (300.1, 5000, False, True),
        (10, 5000, True, True),
    ],
)
def test_the_fence_allows_for_accuracy_up_to_the_cap(
    distance: float, accuracy: float, inside: bool, coarse: bool
) -> None:
    ruling = within_fence(distance, accuracy, 200, accuracy_cap_m=100)
    assert (ruling.inside, ruling.coarse) == (inside, coarse)


def test_negative_metres_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        within_fence(-1, 0, 200)
    with pytest.raises(ValueError, match="negative"):
        bounding_box(BEIJING, -1)


@given(place=in_china)
def test_there_and_back_is_less_than_half_a_metre_off(place: Point) -> None:
    assert distance_m(to_wgs84(to_gcj02(place)), place) < 0.5


@given(place=in_china)
def test_the_shift_is_some_hundred_metres(place: Point) -> None:
    assert distance_m(to_gcj02(place), place) < 2000


@given(one=everywhere, other=everywhere)
def test_distance_is_symmetric_and_bounded(one: Point, other: Point) -> None:
    there = distance_km(one, other)
    assert there == pytest.approx(distance_km(other, one))
    assert 0 <= there <= 20016
    assert distance_km(one, one) == 0


@given(centre=in_china, radius=st.floats(0.01, 100), north=st.floats(-1, 1), east=st.floats(-1, 1))
def test_the_box_holds_every_point_within_the_radius(centre: Point, radius: float, north: float, east: float) -> None:
    step = radius / 111
    near = Point(centre.latitude + north * step, centre.longitude + east * step / cos(radians(centre.latitude)))
    inside = distance_km(centre, near) <= radius * (1 - 1e-9)
    assert not inside or bounding_box(centre, radius).covers(near)


@pytest.mark.parametrize("centre", [Point(89.9, 0), Point(-89.9, 0), Point(0, 179.99)])
def test_the_box_spans_all_longitudes_where_it_must(centre: Point) -> None:
    box = bounding_box(centre, 50)
    assert (box.west, box.east) == (-180, 180)
