"""The shifts of an order form: one row each, as many as wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.services.ordering import ShiftSpec

MOST_ROWS = 60
PREFIX = "shift"
FIELDS = ("date", "start", "end", "headcount")
DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Length:
    """When a shift ends, after how many minutes, and whether that is on the next day."""

    end: time
    minutes: int
    next_day: bool


class ShiftForm(forms.Form):
    """One shift. An end at or before the start is on the next day."""

    date = forms.DateField(label=_("日期"))
    start = forms.TimeField(label=_("开始"))
    end = forms.TimeField(label=_("结束"))
    headcount = forms.IntegerField(label=_("人数"), min_value=1, max_value=200)

    @property
    def length(self) -> Length | None:
        """How long the shift is and whether it ends on the next day, as far as both times make sense."""
        try:
            start, end = (forms.TimeField().clean(self[name].value()) for name in ("start", "end"))
        except forms.ValidationError:
            return None
        minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
        return Length(end, minutes if minutes > 0 else minutes + DAY_MINUTES, minutes <= 0)

    def spec(self) -> ShiftSpec:
        """The shift as the service wants it; only after validation."""
        given = self.cleaned_data
        start = timezone.make_aware(datetime.combine(given["date"], given["start"]))
        days = timedelta(days=1 if given["end"] <= given["start"] else 0)
        end = timezone.make_aware(datetime.combine(given["date"] + days, given["end"]))
        return ShiftSpec(start, end, given["headcount"])


ShiftFormSet = forms.formset_factory(
    ShiftForm, extra=0, min_num=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_min=True, validate_max=True
)


def rows_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows as they were typed, valid or not."""
    try:
        count = int(data.get(f"{PREFIX}-TOTAL_FORMS", 0))
    except ValueError:
        count = 0
    numbers = range(min(max(count, 0), MOST_ROWS))
    return [{name: data.get(f"{PREFIX}-{number}-{name}", "") for name in FIELDS} for number in numbers]


def with_another(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """One row more: the last one a day later, which is what repeating shifts need most."""
    if not rows or len(rows) >= MOST_ROWS:
        return list(rows)
    last = dict(rows[-1])
    try:
        last["date"] = forms.DateField().clean(last["date"]) + timedelta(days=1)
    except (forms.ValidationError, OverflowError):
        last["date"] = ""
    return [*rows, last]


def without(rows: Sequence[Mapping[str, Any]], number: int) -> list[Mapping[str, Any]]:
    """One row less; the last one stays."""
    return [row for index, row in enumerate(rows) if index != number] if len(rows) > 1 else list(rows)


def first_row(now: datetime) -> dict[str, Any]:
    """What a new form starts with: one person tomorrow from nine to six."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return {"date": tomorrow, "start": time(9), "end": time(18), "headcount": 1}


def row_of(spec: ShiftSpec) -> dict[str, Any]:
    """A shift as the form shows it."""
    start, end = timezone.localtime(spec.start), timezone.localtime(spec.end)
    return {"date": start.date(), "start": start.time(), "end": end.time(), "headcount": spec.headcount}
