"""The catalogue in the stock admin: skills and languages with their grades, certificates, courses."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staffing.core.admin import NamedAdmin
from workers import scales
from workers.models import MOST_LEVEL, CertificateType, Course, Language, Skill, WorkerLanguage, WorkerSkill
from workers.models.catalogue import PLAIN_LEVELS

# The stubs know these classes as generic; Django's own do not.
if TYPE_CHECKING:
    GradedForm = forms.ModelForm[Any]
else:
    GradedForm = forms.ModelForm
# name of the field → key of a grade
PARTS: Mapping[str, Any] = {"zh": _("中文名"), "en": _("英文名"), "from": _("数值门槛")}


class GradesWidget(forms.MultiWidget):
    """A table: one row a level, the lowest first."""

    template_name = "workers/admin_grades.html"

    def __init__(self, attrs: Any = None) -> None:
        number = forms.NumberInput({"min": 1, "aria-label": PARTS["from"]})
        words = [forms.TextInput({"maxlength": 30, "aria-label": PARTS[name]}) for name in ("zh", "en")]
        super().__init__([each for _level in range(MOST_LEVEL) for each in (*words, number)], attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Three values a level."""
        grades = value or []
        return [grade.get(part) for grade in grades for part in PARTS] + [None] * (3 * (MOST_LEVEL - len(grades)))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the fields row by row. What was typed comes as one list of values, what is kept as grades."""
        kept = not value or isinstance(value[0], dict)
        context = super().get_context(name, self.decompress(value) if kept else value, attrs)
        fields = context["widget"]["subwidgets"]
        rows = [(at // 3 + 1, fields[at : at + 3]) for at in range(0, len(fields), 3)]
        return context | {"rows": rows, "headings": list(PARTS.values())}


class GradesField(forms.MultiValueField):
    """Grades as `Graded.grades` keeps them; rows left empty at the end are none."""

    widget = GradesWidget

    def __init__(self, **kwargs: Any) -> None:
        words = [forms.CharField(max_length=30, required=False) for _part in range(2)]
        number = forms.IntegerField(min_value=1, required=False)
        fields = tuple(each for _level in range(MOST_LEVEL) for each in (*words, number))
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> list[dict[str, Any]]:
        """Three values a level as one grade."""
        rows = [data_list[at : at + 3] for at in range(0, len(data_list), 3)]
        while rows and not any(rows[-1]):
            rows.pop()
        return [
            {part: value for part, value in zip(PARTS, row, strict=True) if part != "from" or value} for row in rows
        ]


class ScaleForm(GradedForm):
    """A skill or language. A kind that everybody grades alike starts with the usual grades."""

    grades = GradesField(
        label=_("等级名称"),
        required=False,
        help_text=_("从低到高，最多 6 级；不填表示 1–5 级。学历、普通话、打字速度留空即按通用等级。"),
    )

    def clean(self) -> dict[str, Any]:
        """The usual grades where none were given; a level that somebody has cannot be taken away."""
        given: dict[str, Any] = super().clean() or {}
        given["grades"] = given.get("grades") or list(scales.USUAL.get(given.get("kind", ""), ()))
        if self._reached() > (len(given["grades"]) or PLAIN_LEVELS):
            self.add_error("grades", _("已有人达到更高的等级，不能减少级数。"))
        return given

    def _reached(self) -> int:
        """The highest level that anybody has."""
        kind = self._meta.model._meta.model_name
        rows: Any = WorkerSkill if kind == "skill" else WorkerLanguage
        found = rows.objects.filter(**{kind: self.instance.pk}).aggregate(most=Max("level"))
        return int(found["most"] or 0)


class OfferedAdmin(NamedAdmin):
    """What can be asked for: taken out of use instead of deleted, for people and orders point to it."""

    list_display = ["name_zh", "name_en", "code", "is_active"]  # noqa: RUF012
    list_display_links = ["name_zh"]  # noqa: RUF012
    list_editable: ClassVar[Any] = ("is_active",)
    list_filter: ClassVar[Any] = ("is_active",)
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False


class ScaleAdmin(OfferedAdmin):
    """Skills and languages, with their grades in the list."""

    form = ScaleForm
    list_display = ["name_zh", "name_en", "code", "scale", "is_active"]  # noqa: RUF012

    @admin.display(description=_("等级"))
    def scale(self, row: Any) -> str:
        """From the lowest to the highest."""
        return " · ".join(str(name) for _level, name in row.choices())


@admin.register(Skill)
class SkillAdmin(ScaleAdmin):
    """Skills by kind."""

    list_display = ["name_zh", "name_en", "kind", "scale", "is_active"]  # noqa: RUF012
    list_filter: ClassVar[Any] = (
        "kind",
        "is_active",
    )
    fields: ClassVar[Any] = (
        "code",
        "name_zh",
        "name_en",
        "kind",
        "grades",
        "is_active",
    )


@admin.register(Language)
class LanguageAdmin(ScaleAdmin):
    """Languages."""

    fields: ClassVar[Any] = (
        "code",
        "name_zh",
        "name_en",
        "grades",
        "is_active",
    )


admin.site.register([CertificateType, Course], OfferedAdmin)
