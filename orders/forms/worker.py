"""What a worker sends: a position, and a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.services.attendance import Fix

OTHER = "other"
DECLINE_REASONS = (
    ("time", _("时间不合适")),
    ("distance", _("距离太远")),
    ("pay", _("时薪不合适")),
    ("client", _("不想去这个客户")),
    ("health", _("身体不适")),
    ("work", _("不熟悉这类工作")),
    (OTHER, _("其他")),
)
CANCEL_REASONS = (
    ("health", _("身体不适")),
    ("family", _("家中急事")),
    ("study", _("考试或上课")),
    ("traffic", _("交通受阻")),
    (OTHER, _("其他")),
)


class FixForm(forms.Form):
    """A position in WGS-84 degrees with its accuracy in metres, or the browser's reason for having none."""

    latitude = forms.FloatField(min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(min_value=-180, max_value=180, required=False)
    accuracy = forms.FloatField(min_value=0, required=False)
    failure = forms.ChoiceField(choices=[(code, code) for code in ("denied", "unavailable", "timeout")], required=False)

    def fix(self) -> Fix | None:
        """The position; None if it was not sent whole or makes no sense."""
        if not self.is_valid():
            return None
        values = [self.cleaned_data[name] for name in ("latitude", "longitude", "accuracy")]
        return None if None in values else Fix(*values)

    def failed(self) -> str:
        """Why the browser gave none: denied, unavailable, timeout or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get("failure") or "")


class ReasonForm(forms.Form):
    """One of the usual reasons, and words of one's own."""

    quick = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("补充说明"), max_length=150, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quick"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Another reason needs words."""
        data = super().clean() or {}
        if data.get("quick") == OTHER and not data.get("text"):
            self.add_error("text", _("请写明原因。"))
        return data

    def reason(self) -> str:
        """The reason as kept: the usual words, then one's own."""
        label = str(dict(self.fields["quick"].choices)[self.cleaned_data["quick"]])  # type: ignore[attr-defined]
        return " · ".join(filter(None, [label, self.cleaned_data["text"]]))
