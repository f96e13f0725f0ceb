"""What the members of the split tables are called."""

from typing import Any

from django.db.models import CharField, F, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.selectors.figures import By, Figures
from orders.models import Client
from staffing.core.models import City
from workers.models import ServiceType

Named = tuple[By, str, dict[Any, str]]


def names_of(figures: Figures) -> list[Named]:
    """For each split: its column, its title, and the names of its members. One query."""
    city_name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    cities = _named(City.objects.filter(pk__in=figures.members("city")), "city", city_name)
    clients = _named(Client.objects.filter(pk__in=figures.members("client")), "client", "name")
    names: dict[str, dict[Any, str]] = {"city": {}, "client": {}}
    for kind, pk, name in cities.union(clients, all=True):
        names[kind][pk] = name
    services = {kind.value: str(kind.label) for kind in ServiceType}
    return [
        ("city", _("城市"), names["city"]),
        ("service", _("服务类型"), services),
        ("client", _("客户"), names["client"]),
    ]


def _named(rows: Any, kind: str, name: str) -> Any:
    marked = rows.order_by().annotate(of_kind=Value(kind, CharField()), called=F(name))
    return marked.values_list("of_kind", "pk", "called")
