"""The stock admin over the core's tables, and the bases that keep it from writing what services write."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staffing.core.models import (
    AuditEvent,
    City,
    DemoClock,
    Heartbeat,
    IdempotencyRecord,
    Notification,
    OutboxMessage,
    PublicHoliday,
    User,
    WebhookRobot,
)

# The stubs know these classes as generic; Django's own do not.
if TYPE_CHECKING:
    Table = admin.ModelAdmin[Any]
    People = UserAdmin[User]
    UserCreationBase = AdminUserCreationForm[User]
else:
    Table, People, UserCreationBase = admin.ModelAdmin, UserAdmin, AdminUserCreationForm


class ReadOnlyAdmin(Table):
    """For rows that only services write: everything can be read, nothing changed."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False


class PolicyAdmin(Table):
    """For the one row of a policy: it can be made once, changed, and never deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only while there is none."""
        return super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody: the defaults would come back unseen."""
        return False


class NamedAdmin(Table):
    """For catalogue rows. The code is fixed once made: stored explanations name it."""

    list_display = ["code", "name_zh", "name_en"]
    search_fields = ["code", "name_zh", "name_en"]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """The code of a row that exists."""
        return ("code",) if obj else ()


class UserCreation(UserCreationBase):
    """A new login: phone, name, role and password."""

    class Meta:
        model = User
        fields = ("phone", "name", "role")


@admin.register(User)
class PeopleAdmin(People):
    """Logins. The password is set here and never shown."""

    add_form = UserCreation
    ordering = ["phone"]
    list_display = ["phone", "name", "role", "is_active", "is_staff"]
    list_filter = ["role", "is_active", "is_staff"]
    search_fields = ["phone", "name"]
    fieldsets = (
        (None, {"fields": ("phone", "password")}),
        (_("个人信息"), {"fields": ("name", "role", "email", "language")}),
        (_("权限"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("日期"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("phone", "name", "role", "usable_password", "password1", "password2")},
        ),
    )
    readonly_fields = ["last_login", "date_joined"]


@admin.register(City)
class CityAdmin(NamedAdmin):
    """Cities with their tier."""

    list_display = ["code", "name_zh", "name_en", "tier"]


@admin.register(PublicHoliday)
class PublicHolidayAdmin(Table):
    """Corrections of the official calendar."""

    list_display = ["day", "kind", "note"]
    list_filter = ["kind"]


@admin.register(WebhookRobot)
class WebhookRobotAdmin(Table):
    """Group-chat robots."""

    list_display = ["name", "kind", "language", "is_active"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """What happened, by whom."""

    list_display = ["at", "subject_type", "subject_id", "action", "from_state", "to_state", "actor"]
    list_filter = ["subject_type", "action"]
    list_select_related = ["actor"]
    search_fields = ["=order_id", "=subject_id"]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """The queue of record; retry is on the desk's page."""

    list_display = ["topic", "subscriber", "queue", "due_at", "attempts", "done_at", "set_aside_at"]
    list_filter = ["queue", ("set_aside_at", admin.EmptyFieldListFilter), ("done_at", admin.EmptyFieldListFilter)]


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """What people were told."""

    list_display = ["created_at", "kind", "user", "read_at", "dropped_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]


@admin.register(Heartbeat, IdempotencyRecord, DemoClock)
class MachineryAdmin(ReadOnlyAdmin):
    """Rows of the machinery."""
