"""The desk's forms about an application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core.models import City
from staffing.core.rendering import SegmentedRadio
from workers.models import Application, Interview, InterviewSheet, SoftSkill, Worker
from workers.services.activation import Terms
from workers.services.interviews import Appointment
from workers.services.merging import Field
from workers.states import RejectReason


class RejectForm(forms.Form):
    """Why somebody is not taken."""

    reason = forms.ChoiceField(label=_("原因"), choices=RejectReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("说明"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只在内部可见，申请人只会收到礼貌的答复。"),
    )  # fmt: skip


class AppointmentForm(forms.Form):
    """When, how and where."""

    day = forms.DateField(label=_("日期"))
    time = forms.TimeField(label=_("时间"))
    how = forms.ChoiceField(label=_("方式"), choices=Interview.How.choices, widget=SegmentedRadio)
    place = forms.CharField(
        label=_("地点、电话或会议链接"), max_length=200, required=False,
        help_text=_("电话面试可以不填，按申请人的手机号拨打。"),
    )  # fmt: skip

    @classmethod
    def of(cls, talk: Interview | None) -> "AppointmentForm":
        """The appointment as it is."""
        if talk is None:
            return cls(initial={"how": Interview.How.PHONE})
        at = timezone.localtime(talk.start_at)
        return cls(initial={"day": at.date(), "time": at.time(), "how": talk.how, "place": talk.place})

    def appointment(self) -> Appointment:
        """As the service wants it; only after validation."""
        said = self.cleaned_data
        start = timezone.make_aware(datetime.combine(said["day"], said["time"]))
        return Appointment(start, said["how"], said["place"])


class ScoreForm(forms.Form):
    """A grade for every soft skill, with the words of each grade."""

    def __init__(self, *args: Any, rubric: Mapping[str, Mapping[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for skill in SoftSkill:
            choices = [(grade, f"{grade} · {rubric[skill][grade]}" if rubric[skill].get(grade) else str(grade))
                       for grade in range(1, 6)]  # fmt: skip
            self.fields[skill.value] = forms.TypedChoiceField(
                label=skill.label, choices=choices, coerce=int, widget=forms.RadioSelect
            )
        self.fields["comment"] = forms.CharField(
            label=_("评语"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

    def grades(self) -> dict[str, int]:
        """By soft skill; only after validation."""
        return {skill.value: self.cleaned_data[skill.value] for skill in SoftSkill}

    @staticmethod
    def said(sheet: InterviewSheet | None) -> dict[str, Any]:
        """What is on a sheet, as initial values."""
        if sheet is None:
            return {}
        return {score.skill: score.grade for score in sheet.scores.all()} | {"comment": sheet.comment}


class ActivateForm(forms.Form):
    """From where, and by which contract."""

    city = forms.ModelChoiceField(City.objects.order_by("tier", "id"), label=_("城市"))
    contract = forms.ChoiceField(label=_("合同"), choices=Worker.Contract.choices, widget=SegmentedRadio)

    @classmethod
    def of(cls, found: Application) -> "ActivateForm":
        """With the applicant's city."""
        return cls(initial={"city": found.city_id, "contract": Worker.Contract.PART_TIME})

    def terms(self) -> Terms:
        """As the service wants it; only after validation."""
        return Terms(self.cleaned_data["city"], self.cleaned_data["contract"])


class MergeForm(forms.Form):
    """For each thing that differs: what was there, or what is said now. Unless told otherwise the newest counts."""

    def __init__(self, *args: Any, fields: list[Field], words: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields:
            if field.differs:
                self.fields[field.name] = forms.ChoiceField(
                    label=words[field.name], choices=[("old", _("保留原来的")), ("new", _("用这次的"))],
                    initial="new", widget=SegmentedRadio,
                )  # fmt: skip

    def taken(self) -> set[str]:
        """The fields of which the newer counts; only after validation."""
        return {name for name, choice in self.cleaned_data.items() if choice == "new"}
