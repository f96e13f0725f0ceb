"""Forms about a worker's own time and wishes."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core.rendering import SegmentedRadio
from workers.models import AvailabilityException
from workers.services.availability import DAY_MINUTES, MOST_KM, Preferences
from workers.services.commitments import Plan

# As far as the slider goes; the number beside it may say more.
SLIDER_KM = 50
WEEKDAYS = (
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
)


class WindowForm(forms.Form):
    """Free on these weekdays from … to …; an end not after the start is on the next day."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("星期"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    start = forms.TimeField(label=_("开始"))
    end = forms.TimeField(label=_("结束"), help_text=_("不晚于开始时间，表示到次日。"))

    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes from midnight of the weekday; the end may pass 1440."""
        start, end = (_minute(self.cleaned_data[name]) for name in ("start", "end"))
        return start, end if end > start else end + DAY_MINUTES


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


class ExceptionForm(forms.Form):
    """Off, or free in addition, on some days; without times whole days."""

    kind = forms.ChoiceField(
        label=_("类型"),
        choices=AvailabilityException.Kind.choices,
        initial=AvailabilityException.Kind.OFF,
        widget=SegmentedRadio,
    )
    first_day = forms.DateField(label=_("从哪天"))
    start = forms.TimeField(label=_("几点开始"), required=False, help_text=_("不填表示全天。"))
    last_day = forms.DateField(label=_("到哪天"), required=False, help_text=_("不填表示同一天。"))
    end = forms.TimeField(label=_("几点结束"), required=False, help_text=_("不填表示到当天结束。"))
    note = forms.CharField(label=_("说明"), max_length=100, required=False)

    def span(self) -> tuple[datetime, datetime]:
        """`[start, end)` in local time."""
        data: dict[str, Any] = self.cleaned_data
        last: date = data["last_day"] or data["first_day"]
        end = _at(last, data["end"]) if data["end"] else _at(last + timedelta(days=1), time.min)
        return _at(data["first_day"], data["start"] or time.min), end


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))


class CommitmentForm(forms.Form):
    """What one has promised elsewhere: on some weekdays from … through …, or once; an end not after the start is on the
    next day."""

    name = forms.CharField(
        label=_("什么安排"), max_length=60, help_text=_("例如：算法课、接孩子。只有您和调度看得到。")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("每周哪几天"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选表示只有一次。"),
    )
    start = forms.TimeField(label=_("开始"))
    end = forms.TimeField(label=_("结束"), help_text=_("不晚于开始时间，表示到次日。"))
    first_day = forms.DateField(label=_("从哪天"))
    last_day = forms.DateField(label=_("到哪天"), required=False, help_text=_("每周重复时填写，例如学期最后一天。"))

    def clean(self) -> dict[str, Any]:
        """A weekly one has a last day; one without weekdays is on one day."""
        data = super().clean() or {}
        if data.get("weekdays") and not data.get("last_day"):
            self.add_error("last_day", _("每周重复的安排请填写到哪天。"))
        if not data.get("weekdays") and data.get("last_day") not in (None, data.get("first_day")):
            self.add_error("weekdays", _("每周重复的安排请选择星期；只有一次的不用填到哪天。"))
        return data

    def plan(self) -> Plan:
        """What was asked for."""
        data = self.cleaned_data
        start, end = _minute(data["start"]), _minute(data["end"])
        last = data["last_day"] or data["first_day"]
        span = start, end if end > start else end + DAY_MINUTES
        return Plan(data["name"], tuple(data["weekdays"]), *span, data["first_day"], last)


class PreferencesForm(forms.Form):
    """Distance, rest, the week's cap, remote work."""

    max_km = forms.IntegerField(
        label=_("最远距离（公里）"),
        min_value=1,
        max_value=MOST_KM,
        widget=forms.NumberInput(attrs={"data-slider": SLIDER_KM}),
    )
    rest_hours = forms.DecimalField(
        label=_("两个班次之间至少休息（小时）"), min_value=0, max_value=24, max_digits=4, decimal_places=1
    )
    cap_hours = forms.DecimalField(
        label=_("我自己的每周上限（小时）"),
        min_value=1,
        max_value=168,
        max_digits=4,
        decimal_places=1,
        required=False,
        help_text=_("不填表示按合同上限。"),
    )
    remote_ok = forms.BooleanField(label=_("接受远程班次"), required=False)

    @staticmethod
    def values_of(wanted: Preferences) -> dict[str, Any]:
        """What the form shows at first."""
        return {
            "max_km": wanted.max_km,
            "remote_ok": wanted.remote_ok,
            "rest_hours": _hours(wanted.min_rest_minutes),
            "cap_hours": _hours(wanted.weekly_cap_minutes) if wanted.weekly_cap_minutes else None,
        }

    def preferences(self) -> Preferences:
        """What was asked for."""
        data = self.cleaned_data
        cap = int(data["cap_hours"] * 60) if data["cap_hours"] else None
        return Preferences(data["max_km"], data["remote_ok"], int(data["rest_hours"] * 60), cap)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


class HolidayForm(forms.Form):
    """Whether one works on a public holiday: all day, not at all, or as on any such weekday."""

    day = forms.DateField()
    answer = forms.ChoiceField(choices=[("", ""), *AvailabilityException.Kind.choices], required=False)
