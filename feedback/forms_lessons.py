"""What people fill in about a repair: cause and fix, write-backs, absences, results of training."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms import words
from feedback.models import WriteBack
from feedback.selectors import gates
from feedback.services.remedies import Plan
from orders.services.lessons import MOST_BACKUPS
from staffing.core.models import User
from workers.models import Course, Worker

Kind = WriteBack.Kind
ASKED: dict[str, tuple[str, ...]] = {
    Kind.GATE: ("gate", "level", "reason"),
    Kind.DO_NOT_SEND: ("worker", "reason"),
    Kind.TRAINING: ("worker", "course", "due_on", "reason"),
    Kind.BACKUPS: ("count",),
    Kind.BRIEFING: ("text",),
    Kind.CREDIT: ("amount", "reason"),
}


class WriteBackForm(forms.Form):
    """The fields of one kind; `form_key` makes a repeat harmless."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    gate = forms.ChoiceField(label=_("要求"))
    level = forms.TypedChoiceField(label=_("最低要求"), coerce=int)
    worker = forms.ModelChoiceField(label=_("员工"), queryset=Worker.objects.none())
    course = forms.ModelChoiceField(label=_("培训课程"), queryset=Course.objects.all())
    due_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput)
    count = forms.IntegerField(
        label=_("每班待命候补"), min_value=1, max_value=MOST_BACKUPS, help_text=_("该客户每个班次另请几人待命。")
    )
    text = words(_("要补充的上岗须知"), help_text=_("每位到该客户上岗的人都会先读到。"))
    amount = forms.DecimalField(label=_("金额（元）"), min_value=0, max_digits=10, decimal_places=2)
    reason = forms.CharField(label=_("理由"), max_length=150)

    def __init__(self, *args: Any, kind: str, people: Iterable[Worker], gate: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"kind": kind, "form_key": uuid.uuid4(), "gate": gate})
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"kind", "form_key", *ASKED[kind]}:
            del self.fields[name]
        if "gate" in self.fields:
            self._offer_levels()
        if "worker" in self.fields:
            self.fields["worker"].queryset = people  # type: ignore[attr-defined]
            self.fields["worker"].label_from_instance = lambda worker: worker.user.name  # type: ignore[attr-defined]

    def _offer_levels(self) -> None:
        """The levels of what is chosen, by name; no field where there are none."""
        self.fields["gate"].choices = gates.choices()  # type: ignore[attr-defined]
        if levels := gates.levels(self["gate"].value() or ""):
            self.fields["level"].choices = [("", "—"), *levels]  # type: ignore[attr-defined]
        else:
            del self.fields["level"]

    def plan(self) -> Plan:
        """What is wanted, for the service. The form must be valid."""
        return Plan(**{name: value for name, value in self.cleaned_data.items() if name != "form_key"})


class AbsenceForm(forms.Form):
    """When somebody is away."""

    user = forms.ModelChoiceField(label=_("谁不在"), queryset=User.objects.none(), empty_label=None)
    first_day = forms.DateField(label=_("从哪天"), widget=forms.DateInput)
    last_day = forms.DateField(label=_("到哪天"), widget=forms.DateInput)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]


class ScoreForm(forms.Form):
    """The result of a course."""

    score = forms.IntegerField(label=_("考核成绩"), required=False, min_value=0, max_value=100)


class DecisionForm(forms.Form):
    """A second person's word."""

    approve = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
