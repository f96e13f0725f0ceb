"""Training in the stock admin: texts to type, levels of tests, the numbers; what services write is shown."""

from django.contrib import admin

from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin, Table
from workers.models import IssuedCertificate, Quiz, QuizLevel, TrainingHours, TrainingPolicy, TypingText

admin.site.register(TrainingPolicy, PolicyAdmin)


class QuizLevelRows(admin.TabularInline):  # type: ignore[type-arg]
    """From which percent on a test brings which level."""

    model = QuizLevel
    extra = 0


@admin.register(Quiz)
class QuizAdmin(Table):
    """What a test brings; its questions are written at the desk."""

    list_display = (
        "code",
        "name_zh",
        "name_en",
        "course",
        "skill",
        "language",
        "is_active",
    )
    list_select_related = (
        "course",
        "skill",
        "language",
    )
    inlines = (QuizLevelRows,)


@admin.register(TypingText)
class TypingTextAdmin(Table):
    """Texts to type."""

    list_display = (
        "id",
        "script",
        "skill",
        "body",
        "is_active",
    )
    list_filter = (
        "script",
        "is_active",
    )
    list_select_related = ("skill",)


@admin.register(IssuedCertificate)
class IssuedCertificateAdmin(ReadOnlyAdmin):
    """Certificates; the code that checks one is not shown."""

    list_display = (
        "number",
        "worker",
        "course",
        "issued_on",
        "valid_until",
    )
    list_select_related = (
        "worker__user",
        "course",
    )
    search_fields = (
        "number",
        "worker__user__name",
    )
    exclude = ("code",)


@admin.register(TrainingHours)
class TrainingHoursAdmin(ReadOnlyAdmin):
    """Paid time."""

    list_display = (
        "worker",
        "course",
        "earned_on",
        "minutes",
        "rate",
        "amount",
        "rule",
    )
    list_select_related = (
        "worker__user",
        "course",
    )
    date_hierarchy = "earned_on"
