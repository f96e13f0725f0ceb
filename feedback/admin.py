"""The satisfaction loop in the stock admin: read only but for its numbers."""

from django.contrib import admin

from feedback.models import (
    CaseRound,
    Escalation,
    Evidence,
    LoopPolicy,
    Review,
    ReviewCase,
    Survey,
    WorkerRating,
)
from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin

admin.site.register(LoopPolicy, PolicyAdmin)


@admin.register(ReviewCase)
class ReviewCaseAdmin(ReadOnlyAdmin):
    """Cases."""

    list_display = ["number", "client", "status", "round", "due_at", "owner"]
    list_filter = ["status"]
    list_select_related = ["client", "owner"]


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    """Surveys, without the secret of their links."""

    list_display = ["order", "client", "sent_at", "answered_at"]
    list_select_related = ["order", "client"]
    exclude = ["nonce"]


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """The clients' answers."""

    list_display = ["order", "client", "overall", "created_at"]
    list_filter = ["overall"]
    list_select_related = ["order", "client"]


@admin.register(CaseRound, Evidence, Escalation, WorkerRating)
class LoopAdmin(ReadOnlyAdmin):
    """Rows of the loop."""

    list_display = ["__str__"]
