"""One line of words that a step needs."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    """Why an order is called off."""

    reason = forms.CharField(label=_("取消理由"), max_length=200)


class DisputeForm(forms.Form):
    """What is wrong with the hours."""

    reason = forms.CharField(label=_("有异议之处"), max_length=300)
