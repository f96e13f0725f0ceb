"""Every hard rule at its edge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orders.matching import (
    SHANGHAI,
    AvailabilityException,
    Booking,
    Candidate,
    LatLng,
    Need,
    Reason,
    Weights,
    Window,
    reasons_against,
)
from orders.matching.types import Params

from .make import CENTRE, at, booked, need, person

NORTH = LatLng(CENTRE.lat + 0.1, CENTRE.lng)  # 11.119 km away
H8 = timedelta(hours=8)


def codes(shift: Need, who: Candidate) -> list[str]:
    return [reason.code for reason in reasons_against(shift, who)]


def test_somebody_without_any_flaw_is_eligible() -> None:
    assert reasons_against(need(), person()) == ()


@pytest.mark.parametrize(
    ("asked", "given", "reason"),
    [
        ({}, {"active": False}, Reason("inactive")),
        ({"skills": {"chat": 2}}, {}, Reason("skill_missing", {"skill": "chat", "need": 2})),
        (
            {"skills": {"chat": 3}},
            {"skills": {"chat": 2}},
            Reason("skill_level", {"skill": "chat", "have": 2, "need": 3}),
        ),
        ({"certificates": frozenset({"psc"})}, {}, Reason("certificate_missing", {"certificate": "psc"})),
        ({"languages": {"en": 2}}, {}, Reason("language_missing", {"language": "en", "need": 2})),
        (
            {"languages": {"en": 2}},
            {"languages": {"en": 1}},
            Reason("language_level", {"language": "en", "have": 1, "need": 2}),
        ),
        ({"min_stars": Decimal("4.6")}, {}, Reason("stars_low", {"have": "4.5", "need": "4.6"})),
        ({"min_stars": Decimal("1")}, {"stars": None}, Reason("unrated", {"need": "1"})),
        ({"courses": frozenset({"pos"})}, {}, Reason("course_missing", {"course": "pos"})),
        ({"max_rate": 2000}, {"rate": 2025}, Reason("rate_high", {"have": 2025, "need": 2000})),
        ({"clearance": 2}, {"clearance": 1}, Reason("clearance", {"have": 1, "need": 2})),
        ({"blocked": frozenset({1})}, {}, Reason("do_not_send", {"why": "wish"})),
        (
            {"blocked": frozenset({1}), "conflicts": frozenset({1})},
            {},
            Reason("do_not_send", {"why": "conflict"}),
        ),
        ({"remote": True}, {"remote_ok": False}, Reason("remote_not_accepted")),
        ({}, {"location": None}, Reason("no_location")),
        ({"site": None, "city": "杭州"}, {}, Reason("other_city", {"have": "上海", "need": "杭州"})),
        ({"site": NORTH}, {}, Reason("too_far", {"distance_km": "11.2", "max_km": "10"})),
    ],
)
def test_one_flaw_gives_one_reason(asked: dict[str, Any], given: dict[str, Any], reason: Reason) -> None:
    assert reasons_against(need(**asked), person(**given)) == (reason,)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({"skills": {"chat": 3}}, {"skills": {"chat": 3}}),
        ({"languages": {"en": 2}}, {"languages": {"en": 2}}),
        ({"min_stars": Decimal("4.50")}, {}),
        ({}, {"stars": None}),
        ({"courses": frozenset({"pos"})}, {"courses": {"pos": None, "etiquette": None}}),
        ({"courses": frozenset({"pos"})}, {"courses": {"pos": date(2026, 11, 23)}}),
        ({"max_rate": 2000}, {"rate": 2000}),
        ({}, {"rate": 9999}),
        ({"clearance": 2}, {"clearance": 2}),
        ({"blocked": frozenset({2})}, {}),
        ({"remote": True, "site": None}, {"location": None, "max_km": 0}),
        ({"site": None}, {"location": None}),
        ({"site": NORTH}, {"max_km": 11.12}),
        ({}, {"remote_ok": False}),
        ({}, {"max_km": 0}),
    ],
)
def test_exactly_enough_is_enough(asked: dict[str, Any], given: dict[str, Any]) -> None:
    assert reasons_against(need(**asked), person(**given)) == ()


def test_all_reasons_are_told_at_once() -> None:
    shift = need(
        skills={"chat": 3, "phone": 1},
        certificates=frozenset({"psc", "health"}),
        min_stars=Decimal(5),
        blocked=frozenset({1}),
    )
    who = person(
        skills={"chat": 1}, certificates={"health": date(2026, 11, 22)}, windows=(), bookings=(booked(0, 8, 10),)
    )
    assert codes(shift, who) == [
        "skill_level",
        "skill_missing",
        "certificate_expired",
        "certificate_missing",
        "stars_low",
        "do_not_send",
        "outside_hours",
        "overlap",
    ]


class TestCertificate:
    # New Year's Eve 22:00 to 06:00: two days, two months, two years
    NIGHT = need(start=datetime(2026, 12, 31, 22, tzinfo=SHANGHAI), certificates=frozenset({"psc"}))

    @pytest.mark.parametrize(
        ("until", "found"),
        [
            (date(2026, 12, 30), ["certificate_expired"]),
            (date(2026, 12, 31), ["certificate_expired"]),
            (date(2027, 1, 1), []),
            (None, []),
        ],
    )
    def test_it_lasts_through_the_last_day_of_a_crossing_shift(self, until: date | None, found: list[str]) -> None:
        assert codes(self.NIGHT, person(certificates={"psc": until})) == found

    def test_the_reason_names_both_days(self) -> None:
        (reason,) = reasons_against(self.NIGHT, person(certificates={"psc": date(2026, 12, 31)}))
        assert reason.params == {"certificate": "psc", "valid_until": "2026-12-31", "day": "2027-01-01"}

    def test_a_shift_until_midnight_does_not_reach_the_next_day(self) -> None:
        evening = need(start=at(0, 18), hours=6, certificates=frozenset({"psc"}))
        assert codes(evening, person(certificates={"psc": date(2026, 11, 23)})) == []

    def test_the_day_is_local(self) -> None:
        # Monday 23:00 UTC is Tuesday in Shanghai
        shift = need(start=datetime(2026, 11, 23, 23, tzinfo=UTC), hours=2, certificates=frozenset({"psc"}))
        assert codes(shift, person(certificates={"psc": date(2026, 11, 23)})) == ["certificate_expired"]


def windows(*spans: tuple[int, float, float]) -> tuple[Window, ...]:
    return tuple(Window(day, int(start * 60), int(end * 60)) for day, start, end in spans)


class TestAvailability:
    @pytest.mark.parametrize(
        ("start", "hours", "given"),
        [
            (at(0, 9), 8, windows((0, 9, 17))),
            (at(0, 9), 8, windows((0, 9, 12), (0, 12, 17))),
            (at(0, 9), 8, windows((0, 8, 14), (0, 11, 18))),
            (at(0, 20), 10, windows((0, 20, 30))),
            (at(0, 20), 10, windows((0, 20, 24), (1, 0, 6))),
            (at(6, 20), 10, windows((6, 20, 30))),
            (at(6, 20), 10, windows((6, 20, 24), (0, 0, 6))),
            (at(7, 1), 3, windows((6, 20, 30))),
            (at(0, 12), 36, windows((0, 12, 36), (1, 12, 36))),
            (datetime(2026, 12, 31, 20, tzinfo=SHANGHAI), 8, windows((3, 20, 28))),
            (datetime(2028, 2, 28, 20, tzinfo=SHANGHAI), 30, windows((0, 20, 44), (1, 20, 28))),
        ],
    )
    def test_inside(self, start: datetime, hours: float, given: tuple[Window, ...]) -> None:
        assert codes(need(start=start, hours=hours), person(windows=given)) == []

    @pytest.mark.parametrize(
        ("start", "hours", "given", "missing"),
        [
            (at(0, 9), 8, windows((0, 9.25, 17)), 15),
            (at(0, 9), 8, windows((0, 9, 16.75)), 15),
            (at(0, 9), 8, windows((0, 9, 12), (0, 12.5, 17)), 30),
            (at(0, 9), 8, windows((1, 9, 17)), 480),
            (at(0, 20), 10, windows((0, 20, 24)), 360),
            (at(6, 20), 10, windows((6, 20, 24)), 360),
            (at(0, 9), 8, (), 480),
        ],
    )
    def test_outside(self, start: datetime, hours: float, given: tuple[Window, ...], missing: int) -> None:
        reason = Reason("outside_hours", {"missing": missing, "length": int(hours * 60)})
        assert reasons_against(need(start=start, hours=hours), person(windows=given)) == (reason,)

    def test_extra_time_joins_the_windows(self) -> None:
        extra = AvailabilityException("extra", at(0, 15), at(0, 17))
        assert codes(need(), person(windows=windows((0, 9, 15)), exceptions=(extra,))) == []
        assert codes(need(), person(windows=windows((0, 9, 14)), exceptions=(extra,))) == ["outside_hours"]

    def test_time_off_wins_over_extra(self) -> None:
        both = (AvailabilityException("extra", at(0), at(1)), AvailabilityException("off", at(0, 16.5), at(0, 20)))
        (reason,) = reasons_against(need(), person(exceptions=both))
        start, end = "2026-11-23T16:30+08:00", "2026-11-23T20:00+08:00"
        assert reason == Reason("time_off", {"start": start, "end": end})

    def test_time_off_may_touch_the_shift(self) -> None:
        around = (AvailabilityException("off", at(0), at(0, 9)), AvailabilityException("off", at(0, 17), at(1)))
        assert codes(need(), person(exceptions=around)) == []

    def test_windows_follow_the_wall_clock_of_the_zone(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        # clocks go forward at 02:00: the night from 22:00 to 06:00 has 7 hours
        night = need(start=datetime(2026, 3, 28, 21, tzinfo=UTC), hours=7)
        assert reasons_against(night, person(windows=windows((5, 22, 30))), tz=berlin) == ()
        assert reasons_against(night, person(windows=windows((5, 22, 29.75))), tz=berlin) != ()


class TestBookings:
    @pytest.mark.parametrize("booking", [booked(0, 1, 9), booked(0, 17, 20)])
    def test_back_to_back_passes_without_rest(self, booking: Booking) -> None:
        assert codes(need(), person(bookings=(booking,))) == []

    @pytest.mark.parametrize(
        "booking", [booked(0, 8, 9.25), booked(0, 16.75, 18), booked(0, 12, 13), booked(-1, 0, 72)]
    )
    def test_overlap(self, booking: Booking) -> None:
        assert codes(need(), person(bookings=(booking,), min_rest=H8)) == ["overlap"]

    def test_rest_exactly_long_enough(self) -> None:
        assert codes(need(), person(bookings=(booked(-1, 20, 25), booked(0, 25, 30)), min_rest=H8)) == []

    def test_rest_too_short_on_both_sides_across_midnight(self) -> None:
        who = person(bookings=(booked(-1, 20, 25.25), booked(0, 24, 30)), min_rest=H8)
        before, after = (
            Reason("rest_before", {"have": 465, "need": 480}),
            Reason("rest_after", {"have": 420, "need": 480}),
        )
        assert reasons_against(need(), who) == (before, after)

    def test_the_nearest_booking_is_told(self) -> None:
        who = person(bookings=(booked(0, 2, 3), booked(0, 6, 7)), min_rest=H8)
        assert reasons_against(need(), who) == (Reason("rest_before", {"have": 120, "need": 480}),)


class TestTravel:
    """3 minutes a kilometre and 15 in addition: 11.119 km take 48.4, told as 49."""

    @staticmethod
    def elsewhere(start: float, end: float, place: LatLng | None = NORTH) -> Booking:
        return Booking(at(0, start), at(0, end), place=place)

    def test_the_way_must_fit_on_both_sides(self) -> None:
        who = person(bookings=(self.elsewhere(6, 8.25), self.elsewhere(17.75, 20)))
        before = Reason("travel_before", {"have": 45, "need": 49, "distance_km": "11.1"})
        after = Reason("travel_after", {"have": 45, "need": 49, "distance_km": "11.1"})
        assert reasons_against(need(), who) == (before, after)

    def test_exactly_the_way_is_enough(self) -> None:
        almost, enough = at(0, 8) + timedelta(minutes=12), at(0, 8) + timedelta(minutes=11)
        assert codes(need(), person(bookings=(Booking(at(0, 6), almost, place=NORTH),))) == ["travel_before"]
        assert codes(need(), person(bookings=(Booking(at(0, 6), enough, place=NORTH),))) == []

    def test_rest_and_way_are_told_each(self) -> None:
        who = person(bookings=(self.elsewhere(6, 8.5),), min_rest=H8)
        assert codes(need(), who) == ["rest_before", "travel_before"]
        assert codes(need(), person(bookings=(self.elsewhere(6, 8),), min_rest=H8)) == ["rest_before"]

    def test_a_booking_further_back_may_be_the_one_that_is_too_far(self) -> None:
        far = LatLng(CENTRE.lat + 1, CENTRE.lng)
        who = person(bookings=(self.elsewhere(3, 4, far), self.elsewhere(5, 8.75, CENTRE)))
        (reason,) = reasons_against(need(), who)
        assert reason.params == {"have": 300, "need": 349, "distance_km": "111.2"}

    @pytest.mark.parametrize("place", [None, CENTRE, LatLng(CENTRE.lat + 0.0026, CENTRE.lng)])
    def test_within_one_place_or_without_one_no_time_is_lost(self, place: LatLng | None) -> None:
        assert codes(need(), person(bookings=(self.elsewhere(6, 9, place),))) == []

    def test_remote_work_needs_no_way(self) -> None:
        assert codes(need(remote=True), person(bookings=(self.elsewhere(6, 9),))) == []

    def test_an_overlap_is_told_once(self) -> None:
        assert codes(need(), person(bookings=(self.elsewhere(6, 10),))) == ["overlap"]

    def test_a_day_is_enough_for_any_way(self) -> None:
        far = LatLng(39.9, 116.4)
        day_before = Booking(at(-1, 0), at(-1, 9), place=far)
        assert codes(need(), person(bookings=(day_before,))) == []
        later = Booking(at(-1, 0), at(-1, 9.25), place=far)
        assert codes(need(), person(bookings=(later,))) == ["travel_before"]

    def test_the_weights_say_how_fast_people_travel(self) -> None:
        who = person(bookings=(self.elsewhere(6, 8.25),))
        assert reasons_against(need(), who, weights=Weights(travel_minutes_per_km=2)) == ()


class TestWeeklyHours:
    CAP = timedelta(hours=40)
    FOUR_DAYS = tuple(booked(day, 9, 17) for day in range(1, 5))

    def test_the_cap_may_be_reached_exactly(self) -> None:
        assert codes(need(), person(bookings=self.FOUR_DAYS, weekly_cap=self.CAP)) == []

    def test_a_quarter_more_is_too_much(self) -> None:
        (reason,) = reasons_against(need(hours=8.25), person(bookings=self.FOUR_DAYS, weekly_cap=self.CAP))
        params: Params = {"week": "2026-11-23", "booked": 1920, "would_be": 2415, "cap": 2400}
        assert reason == Reason("weekly_hours", params)

    def test_other_weeks_do_not_count(self) -> None:
        last_week = tuple(booked(day, 9, 17) for day in range(-7, -2))
        assert codes(need(), person(bookings=last_week, weekly_cap=H8)) == []

    def test_a_shift_over_the_boundary_counts_in_each_week(self) -> None:
        # Sunday 20:00 to Monday 06:00: 4 hours in one week, 6 in the next
        night = need(start=at(6, 20), hours=10)
        assert codes(night, person(weekly_cap=timedelta(hours=6))) == []
        (reason,) = reasons_against(night, person(weekly_cap=timedelta(hours=5)))
        assert reason.params == {"week": "2026-11-30", "booked": 0, "would_be": 360, "cap": 300}

    def test_a_booking_over_the_boundary_counts_in_each_week(self) -> None:
        night = booked(-1, 20, 30)  # 6 hours of it on Monday
        assert codes(need(), person(bookings=(night,), weekly_cap=timedelta(hours=14))) == []
        assert codes(need(), person(bookings=(night,), weekly_cap=timedelta(hours=13.75))) == ["weekly_hours"]

    def test_the_week_of_the_new_year_is_one_week(self) -> None:
        new_year = need(start=datetime(2027, 1, 1, 9, tzinfo=SHANGHAI))
        monday = Booking(datetime(2026, 12, 28, 9, tzinfo=SHANGHAI), datetime(2026, 12, 28, 17, tzinfo=SHANGHAI))
        assert codes(new_year, person(bookings=(monday,), weekly_cap=timedelta(hours=15))) == ["weekly_hours"]


class TestInputs:
    def test_times_without_a_zone_are_refused(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            Booking(datetime(2026, 1, 1), datetime(2026, 1, 2))

    def test_empty_intervals_are_refused(self) -> None:
        with pytest.raises(ValueError, match="end after"):
            AvailabilityException("off", at(0), at(0))

    def test_a_shift_within_a_minute_is_refused(self) -> None:
        with pytest.raises(ValueError, match="whole minute"):
            need(start=at(0, 9) + timedelta(seconds=30))

    def test_less_than_no_places_are_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            need(novice_places=-1)

    @pytest.mark.parametrize(("day", "start", "end"), [(7, 0, 60), (0, 1440, 1500), (0, 60, 60), (0, 0, 1441)])
    def test_impossible_windows_are_refused(self, day: int, start: int, end: int) -> None:
        with pytest.raises(ValueError, match="window"):
            Window(day, start, end)
