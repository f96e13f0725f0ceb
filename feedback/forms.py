"""What people fill in: the survey, the client's "not solved", cause and report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.diagnosis import CODES
from feedback.models import ReviewCase
from feedback.states import Cause
from staffing.core.actors import AGENCY_ROLES
from staffing.core.models import User
from staffing.core.rendering import SegmentedRadio, StarRating

STARS = [("1", _("很差")), ("2", _("较差")), ("3", _("一般")), ("4", _("满意")), ("5", _("很满意"))]
YES_NO = [("yes", _("是")), ("no", _("否"))]
YES_NO_UNSURE = [("yes", _("愿意")), ("", _("还没想好")), ("no", _("不愿意"))]
COMMENT_MAX = 2000


def stars(label: Any, **options: Any) -> forms.TypedChoiceField:
    """A field of one to five stars; None when left open."""
    return forms.TypedChoiceField(
        error_messages={"required": _("请选择 1 到 5 分。")},
        label=label,
        choices=STARS,
        coerce=int,
        empty_value=None,
        widget=StarRating,
        **options,
    )


def words(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    """A field for a few sentences."""
    return forms.CharField(
        label=label,
        max_length=COMMENT_MAX,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": COMMENT_MAX}),
        **options,
    )


class RoundForm(forms.Form):
    """The client's answer to one round; `seen_round` makes a repeat harmless."""

    seen_round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class NotSolvedForm(RoundForm):
    """What is still wrong, in the client's words."""

    note = words(_("哪里还没有解决？"))


class CauseForm(forms.Form):
    """Cause, what happened, and what is done about it until when."""

    cause = forms.ChoiceField(label=_("原因"), choices=Cause.choices, widget=SegmentedRadio)
    note = words(_("原因说明"))
    fix = words(_("整改措施"))
    fix_owner = forms.ModelChoiceField(label=_("整改负责人"), queryset=User.objects.none(), required=False)
    fix_by = forms.DateField(label=_("整改完成日"), required=False, widget=forms.DateInput)
    checklist = forms.MultipleChoiceField(choices=[(code, code) for code in CODES], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = User.objects.filter(role__in=AGENCY_ROLES, is_active=True).order_by("name")
        self.fields["fix_owner"].queryset = everybody  # type: ignore[attr-defined]
        self.fields["fix_owner"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """What the client will read."""

    text = words(_("给客户的说明"), rows=7, help_text=_("客户会原样看到这段文字，请检查后再发送。"))


def cause_initial(case: ReviewCase) -> dict[str, Any]:
    """What is already known of the running round's cause."""
    turn = next(one for one in case.rounds.all() if one.number == case.round)
    known = {"cause": turn.cause, "note": turn.cause_note, "fix": turn.fix, "fix_by": turn.fix_by}
    return known | {"fix_owner": turn.fix_owner_id or case.owner_id}
