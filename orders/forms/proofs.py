"""Proof of service: a punch as a phone sends it, photos, missed punches, and a dispatcher's word on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders import checklist
from orders.forms.worker import FixForm
from orders.models import Punch, Site
from orders.services.proving import Claim
from staffing.core.errors import Invalid
from staffing.core.rendering import SegmentedRadio

ACCEPTED = "image/jpeg,image/png,image/webp"
KINDS = ((Punch.Kind.IN, _("上班打卡")), (Punch.Kind.OUT, _("下班打卡")))


class PunchForm(FixForm):
    """A punch: its position, the place's code, and the true time of one that waited for a connection (`queued`)."""

    code = forms.CharField(max_length=12, required=False)
    at = forms.CharField(max_length=40, required=False)
    queued = forms.BooleanField(required=False)
    punch_key = forms.UUIDField(required=False)

    def punch(self) -> dict[str, Any]:
        """The arguments of a check-in or check-out. Raises `Invalid` for one that waited without its time."""
        self.is_valid()
        typed = str(self.cleaned_data.get("code") or "").strip()
        return {"fix": self.fix(), "code": typed, "claim": self.claim()}

    def claim(self) -> Claim | None:
        """When a punch that waited was made; None for one that is made now. Raises `Invalid` if it does not say."""
        if not self.cleaned_data.get("queued"):
            return None
        at = moment_of(str(self.cleaned_data.get("at") or ""))
        if at is None:
            raise Invalid("bad_time", _("打卡时间无效，请重新打卡。"))
        return Claim(at, self.cleaned_data.get("punch_key"))


def moment_of(text: str) -> datetime | None:
    """An ISO 8601 time with its offset; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.utcoffset() is not None else None


class PhotoForm(forms.Form):
    """A photo and what it shows."""

    photo = forms.FileField(
        label=_("照片"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "capture": "environment"}),
        help_text=_("JPEG、PNG 或 WebP，最大 10 MB。拍摄位置等信息会被删除。"),
    )
    remark = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ElsewhereForm(PhotoForm, PunchForm):
    """外勤: a photo, and why one is not at the place."""

    remark = forms.CharField(
        label=_("您在哪里，为什么不能正常打卡？"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("photo", "remark")


class MissedForm(forms.Form):
    """补卡: when one came or left, and why there is no punch."""

    kind = forms.ChoiceField(label=_("补哪一次"), choices=KINDS, widget=SegmentedRadio)
    at = forms.DateTimeField(label=_("实际时间"), widget=forms.DateTimeInput)
    remark = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    photo = forms.FileField(label=_("照片（可选）"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED}))


class ReadyForm(forms.Form):
    """Everything that has to be in place before work from home begins; `items` are the order's."""

    def __init__(self, *args: Any, items: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for number, item in enumerate(items, 1):
            self.fields[f"item_{number}"] = forms.BooleanField(label=item)

    def words(self) -> str:
        """What was ticked, for the record."""
        return _t("已逐项确认：%(items)s") % {"items": " · ".join(self.items)}


class ChecklistForm(forms.Form):
    """The list of one order, as its dispatcher changes it."""

    readiness = forms.CharField(
        label=_("远程上岗清单"),
        required=False,
        max_length=1000,
        validators=[checklist.check],
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, usual: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readiness"].help_text = checklist_help(usual)


def checklist_help(usual: Sequence[str]) -> str:
    """How the list is written, and what holds without one."""
    words = _t("每行一项，员工打卡前逐项确认。留空则用：%(items)s")
    return words % {"items": " · ".join(usual)}


class RefuseForm(forms.Form):
    """Why a punch does not count, and from when the work counts instead."""

    reason = forms.CharField(
        label=_("不通过的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("员工会看到。")
    )
    counts_from = forms.DateTimeField(
        label=_("从何时起计时（可选）"),
        required=False,
        widget=forms.DateTimeInput,
        help_text=_("留空：外勤签到作废，员工须到现场重新打卡；班次已结束的必须填写。"),
    )

    def __init__(self, *args: Any, field: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not field:
            del self.fields["counts_from"]


class SiteProofForm(forms.Form):
    """What an arrival at a place has to be proved by."""

    proof = forms.ChoiceField(label=_("签到方式"), choices=Site.Proof.choices, widget=forms.RadioSelect)
