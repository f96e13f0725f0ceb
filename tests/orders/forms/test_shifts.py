"""Shift rows: midnight, limits, and rows that come and go."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from orders.forms.shifts import MOST_ROWS, ShiftForm, first_row, row_of, rows_of, with_another, without
from tests.fixtures.agency import NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def typed(day: object, start: object, end: object, headcount: object = 2) -> ShiftForm:
    return ShiftForm({"date": str(day), "start": str(start), "end": str(end), "headcount": str(headcount)})


@given(DAYS, MINUTES, MINUTES, st.integers(1, 200))
def test_a_shift_is_what_was_typed_and_ends_within_a_day(day: date, start: time, end: time, people: int) -> None:
    form = typed(day, start, end, people)
    assert form.is_valid()
    spec = form.spec()
    assert spec.start == datetime.combine(day, start, SHANGHAI)
    assert timedelta(0) < spec.end - spec.start <= timedelta(days=1)
    assert (spec.end.astimezone(SHANGHAI).time(), spec.headcount) == (end, people)
    assert (spec.end.astimezone(SHANGHAI).date() > day) == (end <= start)
    assert row_of(spec) == {"date": day, "start": start, "end": end, "headcount": people}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("date", ("", "09:00", "18:00", "1")),
        ("date", ("2026-02-30", "09:00", "18:00", "1")),
        ("start", ("2026-11-25", "25:00", "18:00", "1")),
        ("end", ("2026-11-25", "09:00", "", "1")),
        ("headcount", ("2026-11-25", "09:00", "18:00", "0")),
        ("headcount", ("2026-11-25", "09:00", "18:00", "201")),
        ("headcount", ("2026-11-25", "09:00", "18:00", "两个")),
    ],
)
def test_bad_input_is_said_at_its_field(field: str, values: tuple[str, str, str, str]) -> None:
    assert list(typed(*values).errors) == [field]


def posted(total: object, **rows: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"shift-TOTAL_FORMS": str(total), **{name.replace("_", "-"): value for name, value in rows.items()}})
    return data


@pytest.mark.parametrize(("total", "count"), [("2", 2), ("-3", 0), ("x", 0), ("9999", MOST_ROWS)])
def test_the_number_of_rows_is_never_trusted(total: str, count: int) -> None:
    assert len(rows_of(posted(total))) == count


def test_another_row_is_the_last_one_a_day_later() -> None:
    rows = rows_of(
        posted(1, shift_0_date="2026-12-31", shift_0_start="22:00", shift_0_end="06:00", shift_0_headcount="3")
    )
    assert with_another(rows)[1] == {"date": date(2027, 1, 1), "start": "22:00", "end": "06:00", "headcount": "3"}
    assert with_another([{**rows[0], "date": "下周"}])[1]["date"] == ""
    assert len(with_another(rows * MOST_ROWS)) == MOST_ROWS


def test_the_last_row_cannot_be_removed() -> None:
    first, second = {"headcount": "1"}, {"headcount": "2"}
    assert without([first, second], 0) == [second]
    assert without([first], 0) == [first]
    assert without([first, second], 7) == [first, second]


def test_a_new_form_starts_tomorrow() -> None:
    assert first_row(NOW)["date"] == date(2026, 11, 24)
    assert ShiftForm({name: str(value) for name, value in first_row(NOW).items()}).is_valid()
