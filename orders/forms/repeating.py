"""The buttons beside the shifts: one row more, one less, a copy, and the same on other days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.forms.shifts import MOST_ROWS, with_another, without

Row = Mapping[str, Any]
Rows = Sequence[Row]
DAY = timedelta(days=1)
FARTHEST = 366
WEEKDAYS = range(7)
# Monday to Friday
USUAL_DAYS = frozenset(range(5))


def changed(rows: Rows, data: Mapping[str, Any], action: str) -> tuple[Rows, str]:
    """The rows after a press of `add`, `copy-2`, `remove-2` or `repeat` (anything else: as they are), and what to
    say about it."""
    verb, _dash, number = action.partition("-")
    if verb in ("add", "copy") and len(rows) >= MOST_ROWS:
        return rows, full_text()
    if verb == "add":
        return with_another(rows), ""
    if verb == "repeat":
        return repeated(rows, data)
    if verb in ("copy", "remove") and number.isdecimal() and int(number) < len(rows):
        return (_copied if verb == "copy" else without)(rows, int(number)), ""
    return rows, ""


def full_text() -> str:
    """Why there is no row more."""
    return _("一张订单最多 %(most)s 个班次，更多请另下一单或使用周期订单。") % {"most": MOST_ROWS}


def _copied(rows: Rows, number: int) -> Rows:
    """The row once more behind itself, on the next day."""
    one = with_another([rows[number]])
    return [*rows[:number], *one, *rows[number + 1 :]]


def repeated(rows: Rows, data: Mapping[str, Any]) -> tuple[Rows, str]:
    """The shifts of the last day once more on every chosen weekday after it, up to a day (included)."""
    days = chosen_days(data)
    first, until = _day(rows[-1].get("date") if rows else ""), _day(data.get("repeat_until"))
    if first is None or until is None or until <= first:
        return rows, _("请先填好最后一个班次的日期，并选择之后的结束日期。")
    same = [row for row in rows if _day(row.get("date")) == first]
    room = (MOST_ROWS - len(rows)) // len(same)
    count = min((until - first).days, FARTHEST)
    later = [day for day in (first + n * DAY for n in range(1, count + 1)) if day.weekday() in days]
    added = [{**row, "date": day} for day in later[:room] for row in same]
    if len(later) > room:
        return [*rows, *added], full_text()
    told = ngettext("已加 %(count)s 个班次。", "已加 %(count)s 个班次。", len(added)) % {"count": len(added)}
    return [*rows, *added], told if added else _("这段时间里没有所选的星期。")


def chosen_days(data: Mapping[str, Any]) -> frozenset[int]:
    """The weekdays that were ticked, 0 = Monday."""
    listed = data.getlist("repeat_days") if hasattr(data, "getlist") else ()
    return frozenset(int(day) for day in listed if day in {str(number) for number in WEEKDAYS})


def _day(value: Any) -> date | None:
    try:
        return forms.DateField().clean(value)
    except forms.ValidationError:
        return None
