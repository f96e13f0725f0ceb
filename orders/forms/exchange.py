"""What is said about swaps and strikes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.selectors.swaps import Colleague
from staffing.core.rendering import SegmentedRadio

EVERYBODY = ""


class SwapForm(forms.Form):
    """Whom to ask, and a word to them."""

    only = forms.TypedChoiceField(
        label=_("问谁"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("给同事的话"), max_length=100, required=False)

    def __init__(self, *args: Any, colleagues: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {each.worker.pk: each.worker for each in colleagues}
        named = [(each.worker.pk, _named(each)) for each in colleagues]
        self.fields["only"].choices = [(EVERYBODY, _("所有合适的同事（谁先接就是谁）")), *named]  # type: ignore[attr-defined]
        self.fields["only"].initial = EVERYBODY

    def asked(self) -> Any:
        """The one colleague; None for everybody."""
        return self.by_id.get(self.cleaned_data["only"])


def _named(each: Colleague) -> str:
    return f"{each.name} ★ {each.worker.stars}" if each.worker.stars else each.name


class AppealForm(forms.Form):
    """Why a strike should not stand."""

    text = forms.CharField(
        label=_("为什么不应该记"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写清当时的情况；有同事或客户能作证，请写名字。"),
    )


class DecisionForm(forms.Form):
    """A dispatcher's word, with the reason that people are told."""

    verdict = forms.ChoiceField(label=_("决定"), widget=SegmentedRadio)
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)

    def __init__(self, *args: Any, yes: str, no: str, always: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always = always
        self.fields["verdict"].choices = [("yes", yes), ("no", no)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A no is told with its reason; `always`: a yes too."""
        data = super().clean() or {}
        if (self.always or data.get("verdict") == "no") and not data.get("reason"):
            self.add_error("reason", _("请填写理由，员工会看到。"))
        return data

    @property
    def agreed(self) -> bool:
        """Whether it was a yes."""
        return bool(self.cleaned_data["verdict"] == "yes")
