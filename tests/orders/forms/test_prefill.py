"""Book again: the next free same weekdays."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orders.forms.prefill import WEEK, initial_of, later_rows, weeks_ahead
from orders.services.ordering import ShiftSpec
from tests.fixtures.agency import NOW, Agency
from workers.models import Course

HOURS = st.integers(-5000, 5000).map(lambda hours: NOW + timedelta(hours=hours))
STARTS = st.lists(HOURS, min_size=1, max_size=6)


@given(STARTS, st.lists(HOURS, max_size=6))
def test_whole_weeks_that_lead_past_now_and_off_what_is_taken(starts: list[datetime], taken: list[datetime]) -> None:
    move = weeks_ahead(starts, taken, NOW)
    moved = {start + move for start in starts}
    assert move % WEEK == timedelta(0)
    assert move >= WEEK
    assert min(moved) > NOW
    assert not moved & set(taken)


def test_the_next_week_already_ordered_is_passed_over() -> None:
    start = NOW - timedelta(days=1)
    spec = ShiftSpec(start, start + timedelta(hours=8), 4)
    row = later_rows([spec], {start + WEEK}, NOW)[0]
    assert row["date"] == (start + 2 * WEEK).date()
    assert row["headcount"] == 4


def test_an_order_booked_again_asks_for_the_same_training(agency: Agency) -> None:
    course = Course.objects.create(code="pos", name_zh="智能POS操作", name_en="Smart POS")
    assert initial_of(agency.draft(courses=[course.pk]))["courses"] == [course.pk]
