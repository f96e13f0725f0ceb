"""People in the search over everything."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staffing.core import phones, search
from staffing.core.search import Asked, Group, Hit
from workers.models import Worker
from workers.templatetags.people_ui import KINDS


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


search.register(Group("people", gettext_lazy("人员"), "users", people, hit), place=2)
