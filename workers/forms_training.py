"""What the desk fills in about training: courses, lessons, quizzes, questions, sessions."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core.models import Role, User
from staffing.core.rendering import SegmentedRadio
from workers.models import Course, Lesson, Question, Quiz, TrainingSession
from workers.services.courses import Answer
from workers.services.sessions import Plan

OPTIONS = 6
TRUE_FALSE = (("对", "True"), ("错", "False"))  # i18n: data
LARGE = {"rows": 14}


def values_of(form: forms.BaseForm) -> dict[str, Any]:
    """What was filled in, for the service."""
    return {name: form.cleaned_data[name] for name in form.fields}


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    """A course; its code is found by the service."""

    class Meta:
        model = Course
        fields = (
            "name_zh", "name_en", "kind", "summary_zh", "summary_en", "pass_rule", "valid_days",
            "paid_minutes", "open_to_all", "is_active",
        )  # fmt: skip


class LessonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A lesson in both languages."""

    class Meta:
        model = Lesson
        fields = ("title_zh", "text_zh", "title_en", "text_en", "minutes")
        widgets: ClassVar = {"text_zh": forms.Textarea(LARGE), "text_en": forms.Textarea(LARGE)}
        help_texts: ClassVar = {
            "text_zh": _("空一行分段；“## ”开头是小标题，“- ”开头是列表，“! ”开头是要点。"),
        }


class QuizForm(forms.ModelForm):  # type: ignore[type-arg]
    """The numbers of a quiz."""

    class Meta:
        model = Quiz
        fields = ("draw", "pass_percent", "minutes", "tries", "tries_days", "wait_minutes", "is_active")


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A question with up to six answers; those left empty are none."""

    class Meta:
        model = Question
        fields = ("kind", "text_zh", "text_en", "why_zh", "why_en")
        widgets: ClassVar = {"kind": SegmentedRadio()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Question.Kind.choices  # type: ignore[attr-defined]
        self.fields["kind"].help_text = _("判断题的选项不填即为对、错，只勾选正确的一项。")
        held = list(self.instance.options.all()) if self.instance.pk else []
        for number in range(1, OPTIONS + 1):
            row = held[number - 1] if number <= len(held) else None
            for name, field in self._option(number).items():
                field.initial = getattr(row, name, None)
                self.fields[f"{name}_{number}"] = field

    def _option(self, number: int) -> Mapping[str, forms.Field]:
        label = {"n": number}
        return {
            "text_zh": forms.CharField(label=_("选项 %(n)s 中文") % label, max_length=200, required=False),
            "text_en": forms.CharField(label=_("选项 %(n)s 英文") % label, max_length=300, required=False),
            "is_right": forms.BooleanField(label=_("选项 %(n)s 正确") % label, required=False),
        }

    @property
    def option_rows(self) -> list[dict[str, forms.BoundField]]:
        """The fields of each answer."""
        return [
            {name: self[f"{name}_{number}"] for name in ("text_zh", "text_en", "is_right")}
            for number in range(1, OPTIONS + 1)
        ]

    def words(self) -> dict[str, Any]:
        """What is asked."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def answers(self) -> list[Answer]:
        """Those that were filled in."""
        given = self.cleaned_data
        rows = [
            Answer(given[f"text_zh_{n}"], given[f"text_en_{n}"] or given[f"text_zh_{n}"], given[f"is_right_{n}"])
            for n in range(1, OPTIONS + 1)
        ]
        told = [row for row in rows if row.text_zh]
        if told or given["kind"] != Question.Kind.TRUE_FALSE:
            return told
        return [Answer(zh, en, row.is_right) for (zh, en), row in zip(TRUE_FALSE, rows[:2], strict=True)]


class AssignForm(forms.Form):
    """What somebody is to pass by when."""

    course = forms.ModelChoiceField(label=_("培训课程"), queryset=Course.objects.filter(is_active=True))
    due_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput)
    reason = forms.CharField(label=_("理由"), max_length=150, required=False)


class PlaceForm(forms.Form):
    """What may change while people enrol."""

    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    link = forms.URLField(label=_("上课链接"), max_length=300, required=False, assume_scheme="https")
    trainer = forms.ModelChoiceField(label=_("讲师"), queryset=User.objects.none())
    seats = forms.IntegerField(label=_("座位数"), min_value=1, max_value=500, initial=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(role__in=(Role.DISPATCHER, Role.MANAGER), is_active=True).order_by("name", "pk")
        self.fields["trainer"].queryset = staff  # type: ignore[attr-defined]
        self.fields["trainer"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]


class SessionForm(PlaceForm):
    """A new session: form, day and hours first."""

    kind = forms.ChoiceField(label=_("形式"), choices=TrainingSession.Kind.choices, widget=SegmentedRadio)
    day = forms.DateField(label=_("日期"), widget=forms.DateInput)
    start = forms.TimeField(label=_("开始"))
    end = forms.TimeField(label=_("结束"))
    field_order = ("kind", "day", "start", "end", "place", "link", "trainer", "seats")

    def plan(self) -> Plan:
        """What is wanted, for the service."""
        given = self.cleaned_data
        starts_at, ends_at = (_at(given["day"], given[name]) for name in ("start", "end"))
        rest = {name: given[name] for name in ("kind", "place", "link", "trainer", "seats")}
        return Plan(starts_at=starts_at, ends_at=ends_at, **rest)


def _at(day: Any, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
