"""The pool in the stock admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from staffing.core.admin import PolicyAdmin, Table
from workers import admin_applications as admin_applications
from workers import admin_catalogue as admin_catalogue
from workers import admin_papers as admin_papers
from workers import admin_sources as admin_sources
from workers import admin_standing as admin_standing
from workers import admin_training as admin_training
from workers.models import (
    AvailabilityException,
    AvailabilityWindow,
    PoolPolicy,
    RateCard,
    Worker,
    WorkerCertificate,
    WorkerCourse,
    WorkerLanguage,
    WorkerSkill,
)

admin.site.register(PoolPolicy, PolicyAdmin)


def rows_of(row: type[models.Model]) -> "type[admin.TabularInline[Any, Any]]":
    """The worker's rows of another table, edited on the worker's page."""
    # A list of every login beside each row would be the larger part of the page; services write who verified.
    people = [field.name for field in row._meta.fields if field.name in ("verified_by", "verified_on")]
    return type(f"{row.__name__}Rows", (admin.TabularInline,), {"model": row, "extra": 0, "readonly_fields": people})


@admin.register(Worker)
class WorkerAdmin(Table):
    """People of the pool; what services write (status, stars, services, clearance …) is shown, not edited."""

    list_display = ["user", "city", "level", "contract", "stars", "reliability", "status"]
    list_filter = ["status", "city", "level", "contract"]
    list_select_related = ["user", "city"]
    search_fields = ["user__name", "user__phone"]
    autocomplete_fields = ["user"]
    readonly_fields = ["status", "stars", "reliability", "services_done", "clearance", "clearance_until"]
    inlines = [
        rows_of(row)
        for row in (
            WorkerSkill,
            WorkerCertificate,
            WorkerCourse,
            WorkerLanguage,
            AvailabilityWindow,
            AvailabilityException,
        )
    ]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody: history points here."""
        return False


@admin.register(RateCard)
class RateCardAdmin(Table):
    """What an hour costs."""

    list_display = ["tier", "level", "service_type", "pay_rate", "bill_rate"]
    list_filter = ["tier", "level", "service_type"]
    list_editable = ["pay_rate", "bill_rate"]
