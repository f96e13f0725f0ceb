"""What a dispatcher notes of a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import CallNote
from staffing.core.rendering import SegmentedRadio


class CallForm(forms.Form):
    """The answer, and a word on it."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=CallNote.Outcome.choices,
        widget=SegmentedRadio,
        error_messages={"required": _("请选择结果。")},
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
