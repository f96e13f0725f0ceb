"""Recruiting in the stock admin: the numbers and the rubric; applications are shown, not edited."""

from django.contrib import admin

from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin, Table
from workers.models import Application, RecruitPolicy, RubricGrade

admin.site.register(RecruitPolicy, PolicyAdmin)


@admin.register(RubricGrade)
class RubricGradeAdmin(Table):
    """What each grade looks like."""

    list_display = ("skill", "grade", "text_zh", "text_en")
    list_filter = ("skill",)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """Who applied."""

    list_display = ("name", "status", "source", "partner", "owner", "created_at")
    list_filter = ("status", "source")
    list_select_related = ("partner", "owner")
    exclude = ("nonce",)
