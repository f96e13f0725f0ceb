"""What the members of the split tables are called."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.selectors.figures import By, Figures
from workers.models import ServiceType

Named = tuple[By, str, dict[Any, str]]


def names_of(figures: Figures) -> list[Named]:
    """For each split: its column, its title, and the names of its members in the active language. No query."""
    place = 1 if (get_language() or "").startswith("en") else 0
    names: dict[By, dict[Any, str]] = {"city": {}, "client": {}}
    for (by, member), called in figures.names.items():
        names[by][member] = called[place]
    services = {kind.value: str(kind.label) for kind in ServiceType}
    return [
        ("city", _("城市"), names["city"]),
        ("service", _("服务类型"), services),
        ("client", _("客户"), names["client"]),
    ]
