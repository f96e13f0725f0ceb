"""The order line in the stock admin: clients and numbers can be edited, what services write is read only."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from orders.forms.weights import MEANINGS, WeightsForm, defaults
from orders.models import (
    Assignment,
    Client,
    ClientMember,
    DoNotSend,
    FormDraft,
    GateProfile,
    Heartbeat,
    MatchRun,
    MatchShift,
    MatchWeights,
    Offer,
    Order,
    OrderMessage,
    OrderPolicy,
    OrderTemplate,
    Position,
    ProfileLanguage,
    ProfileSkill,
    Punch,
    PunchRequest,
    RecurringOrder,
    Replacement,
    SavedView,
    ServicePhoto,
    ServicePolicy,
    Shift,
    Site,
    TeamMember,
    Timesheet,
    TimesheetCorrection,
)
from orders.models.orders import OrderCertificate, OrderCourse, OrderLanguage, OrderSkill
from staffing.core import clock
from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin, Table

admin.site.register(OrderPolicy, PolicyAdmin)
admin.site.register(ServicePolicy, PolicyAdmin)


@admin.register(Client)
class ClientAdmin(Table):
    """Client companies."""

    list_display = ["name", "industry", "value", "auto_confirm", "is_active"]
    list_filter = ["industry", "value", "is_active"]
    search_fields = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody: history points here; `is_active` ends the contract."""
        return False


@admin.register(ClientMember)
class ClientMemberAdmin(Table):
    """Who orders for which company."""

    list_display = ["user", "client", "may_order", "may_approve", "may_manage"]
    list_select_related = ["user", "client"]
    autocomplete_fields = ["user", "client"]


@admin.register(Site)
class SiteAdmin(Table):
    """Places of service."""

    list_display = ["name", "client", "city", "fence_m"]
    list_select_related = ["client", "city"]
    search_fields = ["name", "client__name"]
    autocomplete_fields = ["client"]


@admin.register(DoNotSend, TeamMember)
class CircleAdmin(Table):
    """The client's own team, and whom it does not want again."""

    list_display = ["client", "worker"]
    list_select_related = ["client", "worker__user"]
    autocomplete_fields = ["client", "worker"]


class ProfileSkillRows(admin.TabularInline):  # type: ignore[type-arg]
    """The skills of a profile."""

    model = ProfileSkill
    extra = 1


class ProfileLanguageRows(admin.TabularInline):  # type: ignore[type-arg]
    """The languages of a profile."""

    model = ProfileLanguage
    extra = 1


@admin.register(GateProfile)
class GateProfileAdmin(Table):
    """What an industry usually asks for, and the special pools."""

    list_display = ["name_zh", "name_en", "industry", "is_active"]
    list_filter = ["industry", "is_active"]
    filter_horizontal = ["certificates", "courses"]
    inlines = [ProfileSkillRows, ProfileLanguageRows]


def meanings(row: MatchWeights) -> str:
    """Every number with its name and meaning; what an old version did not name counts as the engine says."""
    told = defaults() | row.values
    lines = (
        (meaning.label, told[name], meaning.unit, meaning.text, "" if name in row.values else _("（默认）"))
        for name, meaning in MEANINGS.items()
    )
    return format_html_join(mark_safe("<br>"), "<b>{}</b> {} {} · {}{}", lines)


@admin.register(MatchWeights)
class MatchWeightsAdmin(ReadOnlyAdmin):
    """Versions of the weights: one is added for a change, none is edited, since it explains older runs."""

    form = WeightsForm
    list_display = ["version", "note", "created_by", "created_at"]
    list_select_related = ["created_by"]
    readonly_fields = ["created_by", "created_at"]

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """As the stock permissions say."""
        return bool(request.user.has_perm("orders.add_matchweights"))

    def get_fieldsets(self, request: HttpRequest, obj: MatchWeights | None = None) -> Any:
        """A field for each number of a new version; of an old one, its numbers with their meaning."""
        if obj is not None:
            plain = {"fields": ("version", "note", "created_by", "created_at")}
            return [(None, plain), (_("权重"), {"fields": (), "description": meanings(obj)})]
        return [(None, {"fields": ("version", "note")}), (_("权重"), {"fields": tuple(MEANINGS)})]

    def save_model(self, request: HttpRequest, obj: MatchWeights, form: WeightsForm, change: bool) -> None:
        """A new version, in force from now."""
        assert request.user.is_authenticated
        obj.values, obj.created_by, obj.created_at = form.values(), request.user, clock.now()
        super().save_model(request, obj, form, change)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Orders."""

    list_display = ["number", "title", "client", "status", "starts_at", "estimate"]
    list_filter = ["status", "service_type", "city"]
    list_select_related = ["client"]
    search_fields = ["=id", "title", "client__name"]


@admin.register(
    Shift,
    Position,
    Offer,
    Assignment,
    Punch,
    PunchRequest,
    ServicePhoto,
    Heartbeat,
    Timesheet,
    TimesheetCorrection,
    Replacement,
    MatchRun,
    FormDraft,
    OrderTemplate,
    RecurringOrder,
    OrderMessage,
    SavedView,
)
class LineAdmin(ReadOnlyAdmin):
    """Rows of the order line."""

    list_display = ["__str__"]
    search_fields = ["=id"]


@admin.register(MatchShift)
class MatchShiftAdmin(LineAdmin):
    """The engine's answers; the list leaves their long contents in the database."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[MatchShift]:
        """Without the ranking and the reasons, unless one answer is opened."""
        return super().get_queryset(request).defer("ranked", "rejected", "masks")


@admin.register(OrderSkill, OrderCertificate, OrderCourse, OrderLanguage)
class NeedAdmin(ReadOnlyAdmin):
    """What orders need."""

    list_display = ["order", "__str__"]
    list_select_related = True
