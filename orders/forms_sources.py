"""The days of the report of sources."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DaysForm(forms.Form):
    """From one day to another."""

    first = forms.DateField(label=_("从"), widget=forms.DateInput)
    last = forms.DateField(label=_("到"), widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        """The first is not after the last."""
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["first"] > given["last"]:
            raise forms.ValidationError(_("开始日期不能晚于结束日期。"))
        return given
