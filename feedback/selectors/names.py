"""What the members of the splits are called, and what may be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.selectors.figures import By
from orders.models import Client
from orders.models.clients import Industry
from staffing.core.models import City
from workers.models import ServiceType, Worker

Names = Mapping[Any, str]


@dataclass(frozen=True, slots=True)
class Known:
    """The names of every member, by split; in the active language."""

    names: Mapping[By, Names]

    def of(self, by: By, member: Any) -> str:
        """What a member is called; its own text if nobody knows it."""
        return self.names.get(by, {}).get(member, str(member))


def titles() -> dict[By, str]:
    """What the splits are called."""
    return {
        "city": _("城市"),
        "service": _("服务类型"),
        "industry": _("行业"),
        "client": _("客户"),
        "star": _("星级"),
        "source": _("来源"),
    }


def known() -> Known:
    """Cities and clients from the database, the rest from their lists. One query."""
    stars = {"0": _("未评级")} | {str(n): _("%(n)s 星级") % {"n": n} for n in range(1, 6)}
    found: dict[By, Names] = {
        **_stored(),
        "service": {value: str(label) for value, label in ServiceType.choices},
        "industry": {value: str(label) for value, label in Industry.choices},
        "source": {value: str(label) for value, label in Worker.Source.choices},
        "star": stars,
    }
    return Known(found)


def _stored() -> dict[By, Names]:
    name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    cities = City.objects.order_by().values_list(Value(1), "pk", name)
    clients = Client.objects.order_by().values_list(Value(2), "pk", "name")
    rows = sorted(cities.union(clients, all=True), key=lambda row: (row[0], row[2]))
    return {
        "city": {pk: text for kind, pk, text in rows if kind == 1},
        "client": {pk: text for kind, pk, text in rows if kind == 2},
    }
