"""The buttons beside the shifts: copies, repeats on weekdays, and what is said about them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from orders.forms.repeating import changed
from orders.forms.shifts import MOST_ROWS, ShiftForm


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with override("zh-hans"):
        yield


def row(day: str = "2026-11-25", **fields: str) -> dict[str, Any]:
    return {"date": day, "start": "22:00", "end": "06:00", "headcount": "3"} | fields


def asked(until: str, *days: int) -> QueryDict:
    data = QueryDict(mutable=True)
    data["repeat_until"] = until
    data.setlist("repeat_days", [str(day) for day in days])
    return data


def dates(rows: Any) -> list[Any]:
    return [one["date"] for one in rows]


def test_a_copy_stands_behind_its_row_on_the_next_day() -> None:
    rows, said = changed([row(), row("2026-11-30")], {}, "copy-0")
    assert (dates(rows), said) == (["2026-11-25", date(2026, 11, 26), "2026-11-30"], "")
    assert rows[1]["headcount"] == "3"


@pytest.mark.parametrize("action", ["copy-9", "copy-x", "remove-9", "dance", ""])
def test_what_makes_no_sense_changes_nothing(action: str) -> None:
    assert changed([row()], {}, action) == ([row()], "")


def test_it_repeats_on_the_chosen_weekdays_up_to_the_day() -> None:
    # The 25th is a Wednesday.
    rows, said = changed([row()], asked("2026-12-02", 0, 1, 2, 3, 4), "repeat")
    assert dates(rows) == [
        "2026-11-25",
        *(date(2026, 11, day) for day in (26, 27, 30)),
        date(2026, 12, 1),
        date(2026, 12, 2),
    ]
    assert (rows[-1]["start"], said) == ("22:00", "已加 5 个班次。")


def test_all_shifts_of_the_last_day_are_repeated_and_no_others() -> None:
    rows, _said = changed([row("2026-11-24"), row(), row(start="09:00", end="12:00")], asked("2026-11-26", 3), "repeat")
    assert [one["start"] for one in rows[3:]] == ["22:00", "09:00"]


@pytest.mark.parametrize(
    ("rows", "until", "days", "said"),
    [
        ([row("下周")], "2026-12-02", (0,), "请先填好"),
        ([row()], "", (0,), "请先填好"),
        ([row()], "2026-11-25", (0,), "请先填好"),
        ([row()], "2026-12-02", (), "没有所选"),
        ([], "2026-12-02", (0,), "请先填好"),
    ],
)
def test_what_is_missing_is_said(rows: Any, until: str, days: tuple[int, ...], said: str) -> None:
    again, words = changed(rows, asked(until, *days), "repeat")
    assert (list(again), said in words) == (rows, True)


def test_there_is_an_end_to_it() -> None:
    rows, said = changed([row()], asked("9999-12-31", *range(7)), "repeat")
    assert (len(rows), "最多" in said) == (MOST_ROWS, True)
    full, said = changed(rows, {}, "add")
    assert (len(full), "最多" in said) == (MOST_ROWS, True)


@pytest.mark.parametrize(
    ("start", "end", "minutes", "next_day"),
    [("22:00", "06:00", 480, True), ("09:00", "18:30", 570, False), ("09:00", "09:00", 1440, True)],
)
def test_a_shift_knows_its_end(start: str, end: str, minutes: int, next_day: bool) -> None:
    length = ShiftForm(initial=row(start=start, end=end)).length
    assert length is not None
    assert (length.minutes, length.next_day) == (minutes, next_day)
    assert ShiftForm(initial=row(end="六点")).length is None
