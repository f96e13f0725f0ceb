"""Whom of those who lack one course the desk asks to pass it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

USUAL_DAYS = 7


class AssignManyForm(forms.Form):
    """Some people, and by when."""

    workers = forms.TypedMultipleChoiceField(label=_("员工"), coerce=int, widget=forms.CheckboxSelectMultiple)
    due_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput)

    def __init__(self, *args: Any, people: dict[int, str], today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"due_on": today + timedelta(days=USUAL_DAYS)})
        super().__init__(*args, **kwargs)
        self.fields["workers"].choices = list(people.items())  # type: ignore[attr-defined]
