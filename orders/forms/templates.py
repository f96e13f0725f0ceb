"""The name of a template, and when a template orders itself."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.services.planning import Rhythm, monday
from staffing.core.errors import Invalid

WEEKDAYS = [
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
]
FIELDS = {"no_weekday": "weekdays", "days_ahead": "days_ahead", "first_week": "first_week", "last_week": "last_week"}


class NameForm(forms.Form):
    """A template's name; what is wrong with it is the service's word."""

    name = forms.CharField(label=_("模板名称"), max_length=60, required=False)

    def given(self) -> str:
        """What was typed."""
        self.is_valid()
        return str(self.cleaned_data.get("name") or "")

    def with_error(self, text: str) -> Self:
        """The form with the service's refusal at its field."""
        self.is_valid()
        self.add_error("name", text)
        return self


class RecurringForm(forms.Form):
    """Which template, on which weekdays, from which week to which."""

    template = forms.TypedChoiceField(label=_("模板"), coerce=int)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("每周哪几天开始"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    first_week = forms.DateField(label=_("从哪一周起"), help_text=_("选这一周的任意一天。"))
    last_week = forms.DateField(label=_("到哪一周止"), required=False, help_text=_("不填则一直重复，可随时停止。"))
    days_ahead = forms.IntegerField(
        label=_("提前几天下单"),
        min_value=1,
        initial=7,
        help_text=_("在那一周的周一之前这么多天自动下单，费用按当时的价格计。"),
    )

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["template"]
        field.choices = [("", _("请选择")), *((row.pk, row.name) for row in templates)]

    def rhythm(self) -> Rhythm:
        """What was chosen; only after validation."""
        given = self.cleaned_data
        return Rhythm(given["weekdays"], given["first_week"], given["last_week"], given["days_ahead"])

    def refuse(self, refusal: Invalid) -> None:
        """Show the service's refusal at the field it is about."""
        self.add_error(FIELDS.get(refusal.code), str(refusal))


def blank(now: datetime) -> dict[str, Any]:
    """What a new form starts with: the coming week, a week ahead."""
    return {"first_week": next_week(now), "days_ahead": 7}


def next_week(now: datetime) -> date:
    """The Monday of the coming week."""
    return monday(timezone.localdate(now)) + timedelta(weeks=1)
