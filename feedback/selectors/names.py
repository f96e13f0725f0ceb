"""What the members of the split tables are called."""

from typing import Any

from django.utils.translation import gettext as _

from feedback.selectors.figures import By, Figures
from orders.models import Client
from staffing.core.models import City
from workers.models import ServiceType

Named = tuple[By, str, dict[Any, str]]


def names_of(figures: Figures) -> list[Named]:
    """For each split: its column, its title, and the names of its members. Two queries."""
    cities = {city.pk: city.name for city in City.objects.filter(pk__in=figures.members("city"))}
    clients = dict(Client.objects.filter(pk__in=figures.members("client")).values_list("pk", "name"))
    services = {kind.value: str(kind.label) for kind in ServiceType}
    return [("city", _("城市"), cities), ("service", _("服务类型"), services), ("client", _("客户"), clients)]
