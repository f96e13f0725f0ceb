"""What a dispatcher fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import Timesheet
from workers.models import Worker


class ReasonForm(forms.Form):
    """Why: kept in the audit."""

    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("会保留在审计记录中。")
    )


class AskForm(forms.Form):
    """A yes without words."""


class CorrectForm(ReasonForm):
    """The right minutes of disputed hours."""

    minutes = forms.IntegerField(label=_("实际工时（分钟）"), min_value=0)
    field_order = ("minutes", "reason")

    def __init__(self, *args: Any, sheet: Timesheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = sheet.actual_minutes
        self.fields["minutes"].help_text = _("计划 %(planned)s 分钟，不能更多。") % {"planned": sheet.planned_minutes}
        self.fields["minutes"].widget.attrs["max"] = sheet.planned_minutes


class ExchangeForm(ReasonForm):
    """Whom to put on the place instead. `override` shows only after a refusal that may be overridden."""

    worker = forms.ModelChoiceField(
        queryset=Worker.objects.select_related("user"),
        widget=forms.HiddenInput,
        label=_("员工"),
        error_messages={"required": _("请选择一位员工。")},
    )
    override = forms.BooleanField(label=_("仍然派此人（破例，理由会保留）"), required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("worker", "override", "reason", "seen")


class ViewForm(forms.Form):
    """A name for the filters of a list."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("同名的常用筛选会被替换。"))
    query = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """Which state of an order a page has shown: the id of its newest audit event."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
