"""What is due before a shift: in order, at decent hours, and never a release without a warning that had its time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orders.timetable import HOUSE, STEPS, Rhythm, awake, released_from, said_by_the_yes, timetable

HOUR = timedelta(hours=1)
starts = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
rhythms = st.builds(
    lambda opens, closes, again, release: Rhythm(
        opens=opens * HOUR, closes=closes * HOUR, again=again * HOUR, release=release * HOUR
    ),
    st.integers(12, 48),
    st.integers(1, 8),
    st.integers(1, 10),
    st.integers(1, 10),
)


def house(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HOUSE)


@given(starts, rhythms)
def test_the_questions_come_before_what_follows_from_silence(start, rhythm):
    table = timetable(start, rhythm, HOUR)
    assert table.ask <= table.ask_again <= table.doubt <= table.release < start
    assert all(table.at(step) is not None for step in STEPS)


@given(starts, st.integers(0, 23), st.integers(0, 23))
def test_a_question_never_comes_at_night_and_never_more_than_a_night_early(moment, begins, ends):
    found = awake(moment, (begins, ends))
    assert found <= moment
    assert moment - found < timedelta(hours=(ends - begins) % 24) or found == moment


def test_an_early_shift_is_asked_about_the_evening_before():
    table = timetable(house(25, 8), Rhythm(), HOUR)
    assert table.ask_again == house(24, 22)
    assert table.doubt == house(25, 4)
    late = timetable(house(25, 20), Rhythm(), None)
    assert (late.ask_again, late.leave) == (house(25, 14), None)


@given(starts, rhythms, st.integers(0, 60 * 60))
def test_whoever_says_yes_before_the_last_question_is_asked_it(start, rhythm, minutes_before):
    table, booked = timetable(start, rhythm, None), start - timedelta(minutes=minutes_before)
    assert said_by_the_yes(booked, table) == (not booked < table.ask_again)


@given(starts, rhythms, st.integers(-600, 600))
def test_nobody_is_released_before_the_warning_had_its_time(start, rhythm, minutes):
    table = timetable(start, rhythm, None)
    warned = table.release + timedelta(minutes=minutes)
    at = released_from(table, warned, rhythm)
    assert at is not None and at >= table.release and at >= warned + rhythm.answer
    assert released_from(table, None, rhythm) is None
