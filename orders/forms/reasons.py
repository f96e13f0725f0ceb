"""One line of words that a step needs."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DisputeForm(forms.Form):
    """What is wrong with the hours."""

    reason = forms.CharField(label=_("有异议之处"), max_length=300)
