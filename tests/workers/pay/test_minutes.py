from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pay.minutes import SHANGHAI, Night, Piece, Span, split

NIGHT = Night(time(22), time(6))
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YEAR = date(2027, 1, 1)


def at(*parts: int, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type, misc]


def spans() -> st.SearchStrategy[Span]:
    starts = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
    return st.builds(
        lambda start, minutes: Span(start, start + timedelta(minutes=minutes)), starts, st.integers(0, 4000)
    )


def shown(pieces: tuple[Piece, ...]) -> list[tuple[str, int, bool, bool]]:
    return [(piece.day.isoformat(), piece.minutes, piece.night, piece.holiday) for piece in pieces]


def test_a_night_over_the_year_end() -> None:
    span = Span(at(2026, 12, 31, 20), at(2027, 1, 1, 8))
    assert shown(split(span, NIGHT, {NEW_YEAR})) == [
        ("2026-12-31", 120, False, False),
        ("2026-12-31", 120, True, False),
        ("2027-01-01", 360, True, True),
        ("2027-01-01", 120, False, True),
    ]


def test_a_leap_day_is_a_date_of_its_own() -> None:
    span = Span(at(2028, 2, 28, 23), at(2028, 3, 1, 1))
    assert [piece.day.isoformat() for piece in split(span, NIGHT, ())] == [
        "2028-02-28",
        *["2028-02-29"] * 3,
        "2028-03-01",
    ]


@pytest.mark.parametrize(
    ("start", "end", "night"), [((21, 0), (22, 0), 0), ((22, 0), (22, 1), 1), ((5, 59), (6, 0), 1), ((6, 0), (7, 0), 0)]
)
def test_the_night_is_half_open(start: tuple[int, int], end: tuple[int, int], night: int) -> None:
    pieces = split(Span(at(2026, 11, 25, *start), at(2026, 11, 25, *end)), NIGHT, ())
    assert sum(piece.minutes for piece in pieces if piece.night) == night


def test_a_night_within_one_date_and_no_night_at_all() -> None:
    span = Span(at(2026, 11, 25, 0), at(2026, 11, 26, 0))
    early = split(span, Night(time(1), time(5)), ())
    none = split(span, Night(time(0), time(0)), ())
    assert [(piece.minutes, piece.night) for piece in early] == [(60, False), (240, True), (1140, False)]
    assert [(piece.minutes, piece.night) for piece in none] == [(1440, False)]


def test_the_date_is_local_not_utc() -> None:
    span = Span(at(2026, 12, 31, 16, zone=ZoneInfo("UTC")), at(2026, 12, 31, 17, zone=ZoneInfo("UTC")))
    assert shown(split(span, NIGHT, {NEW_YEAR})) == [("2027-01-01", 60, True, True)]


@pytest.mark.parametrize(("day", "minutes"), [((2026, 3, 29), 420), ((2026, 10, 25), 540)])
def test_daylight_saving_counts_elapsed_minutes(day: tuple[int, int, int], minutes: int) -> None:
    end = at(*day, 6, zone=BERLIN)
    start = datetime.combine(end.date() - timedelta(days=1), time(22), BERLIN)
    pieces = split(Span(start, end), NIGHT, (), BERLIN)
    assert sum(piece.minutes for piece in pieces) == minutes
    assert all(piece.night for piece in pieces)


def test_holidays_may_be_a_question() -> None:
    span = Span(at(2026, 12, 31, 23), at(2027, 1, 1, 1))
    assert [piece.holiday for piece in split(span, NIGHT, lambda day: day == NEW_YEAR)] == [False, True]


def test_seconds_are_cut_off() -> None:
    assert Span(at(2026, 1, 1, 8, 59, 50), at(2026, 1, 1, 9, 30, 59)).minutes == 31


def test_an_empty_span_has_no_pieces() -> None:
    assert split(Span(at(2026, 1, 1, 8), at(2026, 1, 1, 8)), NIGHT, ()) == ()


def test_wrong_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Span(datetime(2026, 1, 1), datetime(2026, 1, 2))
    with pytest.raises(ValueError, match="end before"):
        Span(at(2026, 1, 2), at(2026, 1, 1))


@given(span=spans(), zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/Havana"), ZoneInfo("Asia/Kathmandu")]))
def test_pieces_tile_the_span_and_stay_on_one_date(span: Span, zone: ZoneInfo) -> None:
    pieces = split(span, NIGHT, (), zone)
    assert sum(piece.minutes for piece in pieces) == span.minutes
    assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
    for piece in pieces:
        last = (piece.end - timedelta(minutes=1)).astimezone(zone)
        assert (last.date(), NIGHT.covers(last.time())) == (piece.day, piece.night)
