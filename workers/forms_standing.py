"""Words that people's standing needs: reasons, appeals, decisions."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staffing.core.rendering import SegmentedRadio
from workers.career_steps import DIRECTIONS
from workers.models import Proposal, Track


class ReasonForm(forms.Form):
    """Why, in words that the worker will read."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("员工会看到。")
    )


class VerdictForm(ReasonForm):
    """Yes or no, with the reason."""

    verdict = forms.ChoiceField(label=_("决定"), widget=SegmentedRadio)
    field_order = ("verdict", "effective_on", "reason")

    def __init__(self, *args: Any, yes: Any, no: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = [("yes", yes), ("no", no)]  # type: ignore[attr-defined]

    @property
    def agreed(self) -> bool:
        """Whether it was a yes."""
        return bool(self.cleaned_data["verdict"] == "yes")


class ProposalForm(VerdictForm):
    """A manager's word; a promotion also has its day."""

    effective_on = forms.DateField(
        label=_("生效日期"),
        required=False,
        help_text=_("从这天起的新班次按新级别计薪；不填为今天。"),
        widget=forms.DateInput,
    )

    def __init__(self, *args: Any, proposal: Proposal, today: date, **kwargs: Any) -> None:
        super().__init__(*args, yes=_("同意"), no=_("不同意"), **kwargs)
        self.today = today
        if proposal.kind != Proposal.Kind.PROMOTE:
            del self.fields["effective_on"]

    def clean_effective_on(self) -> date | None:
        """Not in the past."""
        day: date | None = self.cleaned_data["effective_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("生效日期不能早于今天。"))
        return day


class OutcomeForm(forms.Form):
    """What came of a recommendation."""

    outcome = forms.ChoiceField(label=_("结果"), choices=Proposal.Outcome.choices, widget=SegmentedRadio)


class StandingAppealForm(forms.Form):
    """Why somebody does not agree."""

    text = forms.CharField(
        label=_("为什么不同意"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写清当时的情况；有同事或客户能作证，请写名字。"),
    )


class WishForm(forms.Form):
    """Which direction one would like."""

    track = forms.ChoiceField(
        label=_("想发展的方向"),
        choices=[(track, Track(track).label) for track in DIRECTIONS],
        widget=forms.RadioSelect,
    )
