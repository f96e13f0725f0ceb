"""Papers, checks and their numbers in the stock admin. What is kept encrypted is not there at all."""

from django.contrib import admin

from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin
from workers.models import BackgroundCheck, Document, ExpiryWarning, PapersPolicy

admin.site.register(PapersPolicy, PolicyAdmin)


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Papers and what came of them; they are judged at the desk."""

    list_display = (
        "sent_at",
        "worker",
        "kind",
        "status",
        "decided_by",
        "valid_until",
    )
    list_filter = ("status",)
    list_select_related = (
        "worker__user",
        "decided_by",
    )


@admin.register(BackgroundCheck)
class BackgroundCheckAdmin(ReadOnlyAdmin):
    """Background checks; they are approved at the desk, by one person or by two."""

    list_display = (
        "requested_at",
        "worker",
        "level",
        "status",
        "first_by",
        "second_by",
        "valid_until",
    )
    list_filter = (
        "status",
        "level",
    )
    list_select_related = (
        "worker__user",
        "first_by",
        "second_by",
    )


@admin.register(ExpiryWarning)
class ExpiryWarningAdmin(ReadOnlyAdmin):
    """What was noticed to end."""

    list_display = (
        "noticed_at",
        "worker",
        "kind",
        "until",
        "step",
        "status",
        "told_on",
    )
    list_filter = (
        "kind",
        "status",
    )
    list_select_related = ("worker__user",)
