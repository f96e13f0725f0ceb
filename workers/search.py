"""People, and who wants to join, in the search over everything."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staffing.core import phones, search
from staffing.core.search import Asked, Group, Hit
from workers import application_text
from workers.models import Application, Worker
from workers.states import ApplicationStatus
from workers.templatetags.people_ui import KINDS

# Who joined is found among the people; what was merged, in what it went into.
ELSEWHERE = (ApplicationStatus.ACTIVE, ApplicationStatus.MERGED)


def people(meant: Asked) -> QuerySet[Worker]:
    """People by name, pinyin or phone number, best first."""
    rows = search.names(meant, "user__", phone=True).of(Worker.objects.select_related("user", "city"))
    return rows.order_by("rank", "user__name", "pk")


def hit(worker: Any) -> Hit:
    """A person as a line."""
    words = {"phone": phones.mask(worker.user.phone), "city": worker.city.name, "level": worker.get_level_display()}
    return Hit(
        worker.user.name,
        _("%(phone)s · %(city)s · %(level)s") % words,
        reverse("workers:person", args=[worker.pk]),
        (KINDS[worker.status], worker.get_status_display()),
    )


def applications(meant: Asked) -> QuerySet[Application]:
    """Applications by name, pinyin or phone number, best first, then the latest."""
    known = Application.objects.filter(erased_at=None).exclude(status__in=ELSEWHERE).select_related("city")
    return search.names(meant, phone=True).of(known).order_by("rank", "-created_at", "-pk")


def application_hit(found: Any) -> Hit:
    """An application as a line."""
    parts = [phones.mask(found.phone), found.city.name if found.city else "", found.get_source_display()]
    return Hit(
        found.name,
        " · ".join(part for part in parts if part),
        reverse("workers:application", args=[found.pk]),
        (application_text.KINDS[found.status], found.get_status_display()),
    )


search.register(Group("people", gettext_lazy("人员"), "users", people, hit), place=2)
search.register(Group("applications", gettext_lazy("报名"), "user-plus", applications, application_hit), place=4)
