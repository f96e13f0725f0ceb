"""Watching, proposals, appeals and careers in the stock admin: the numbers are edited, what was decided is read."""

from django.contrib import admin

from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin, Table
from workers.models import CareerRule, LevelChange, Proposal, StandingAppeal, StandingPolicy, WatchEntry

admin.site.register(StandingPolicy, PolicyAdmin)
admin.site.register([WatchEntry, Proposal, StandingAppeal, LevelChange], ReadOnlyAdmin)


@admin.register(CareerRule)
class CareerRuleAdmin(Table):
    """What each step of a career needs."""

    list_display = ("track", "level", "least_services", "least_stars", "least_months")
    list_editable = ("least_services", "least_stars", "least_months")
    filter_horizontal = ("courses",)
