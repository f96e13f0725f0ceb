"""The satisfaction loop in the stock admin: read only but for its numbers."""

from django.contrib import admin

from feedback.models import (
    CaseRound,
    Complaint,
    CreditNote,
    DailyReport,
    Escalation,
    Evidence,
    HeldSurvey,
    InsightGroup,
    InsightNote,
    InsightReport,
    LoopPolicy,
    ProductContact,
    ReportChoice,
    Review,
    ReviewCase,
    ReviewPhoto,
    Revisit,
    RevisitCall,
    StaffAbsence,
    StarChange,
    StarLevel,
    StarStanding,
    Survey,
    SurveyChannel,
    WeeklyReport,
    WorkerRating,
    WriteBack,
)
from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin, Table

admin.site.register(LoopPolicy, PolicyAdmin)
admin.site.register([StarChange, StarStanding], ReadOnlyAdmin)


@admin.register(StarLevel)
class StarLevelAdmin(Table):
    """What each star level needs."""

    list_display = ["level", "least_score", "least_services"]
    list_editable = ["least_score", "least_services"]


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


@admin.register(SurveyChannel)
class SurveyChannelAdmin(ReadOnlyAdmin):
    """How clients want to be asked, without the secret of the signatures."""

    list_display = ["client", "url"]
    list_select_related = ["client"]
    exclude = ["secret"]


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    """Complaints."""

    list_display = ["client", "category", "severity", "raised_by_role", "at"]
    list_filter = ["category", "severity", "raised_by_role"]
    list_select_related = ["client"]


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """The clients' answers."""

    list_display = ["order", "client", "overall", "created_at"]
    list_filter = ["overall"]
    list_select_related = ["order", "client"]


@admin.register(
    CaseRound, CreditNote, Evidence, Escalation, HeldSurvey, ReviewPhoto, WorkerRating, StaffAbsence, WriteBack
)
class LoopAdmin(ReadOnlyAdmin):
    """Rows of the loop."""

    list_display = ["__str__"]


@admin.register(
    DailyReport,
    InsightGroup,
    InsightNote,
    InsightReport,
    ProductContact,
    ReportChoice,
    Revisit,
    RevisitCall,
    WeeklyReport,
)
class ReportsAdmin(ReadOnlyAdmin):
    """Call-backs, insight, and reports that were made."""

    list_display = ["__str__"]
