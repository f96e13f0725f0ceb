"""Filters of the dispatcher's queue."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Client, Order
from orders.selectors.desk.catalogue import Catalogue
from orders.selectors.desk.queue import OVER, RUNNING, TO_DO
from orders.states import OrderStatus

NUMBER = re.compile(r"^[Dd]0*(\d{1,18})$")
GROUPS = {"": TO_DO, "running": RUNNING, "over": OVER, "all": tuple(OrderStatus)}
STATES = [
    ("running", _("进行中")),
    ("over", _("已结束")),
    ("all", _("全部")),
    *[choice for choice in OrderStatus.choices if choice[0] != OrderStatus.DRAFT],
]


class DeskFilter(django_filters.FilterSet):
    """By state (without one: what waits for somebody), city, client, skill, the client's value, and text (number,
    title, client, place). What can be chosen comes from the catalogue that the page has read anyway.
    """

    text = django_filters.CharFilter(method="by_text", label=_("搜索"))
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("状态"), empty_label=_("待处理"))
    city = django_filters.ChoiceFilter(label=_("城市"), empty_label=_("全部"))
    client = django_filters.ChoiceFilter(label=_("客户"), empty_label=_("全部"))
    skill = django_filters.ChoiceFilter(field_name="skills__skill", label=_("技能"), empty_label=_("全部"))
    value = django_filters.ChoiceFilter(
        field_name="client__value",
        choices=Client.Value.choices,
        label=_("客户价值"),
        empty_label=_("全部"),
    )

    class Meta:
        model = Order
        fields = ("text", "state", "city", "client", "skill", "value")

    def __init__(self, data: Any, *, queryset: QuerySet[Order], known: Catalogue) -> None:
        super().__init__(data, queryset=queryset)
        choices = {"city": known.cities, "client": known.clients, "skill": known.skills}
        for name, found in choices.items():
            self.filters[name].extra["choices"] = list(found)

    @property
    def group(self) -> str:
        """The chosen state or group of states; empty for the default."""
        return str(self.chosen.get("state") or "")

    @property
    def chosen(self) -> Mapping[str, Any]:
        """What has been chosen and makes sense, by field."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    @property
    def query(self) -> str:
        """The same as a query string."""
        return urlencode(self.chosen)

    @property
    def qs(self) -> QuerySet[Order]:
        """Values that make no sense are left out."""
        return self.filter_queryset(self.queryset.all())

    def filter_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """The state always applies, also when nothing was chosen."""
        for name, value in self.chosen.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset.filter(status__in=GROUPS.get(self.group, (self.group,)))

    def by_state(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Done for all in `filter_queryset`."""
        return queryset

    def by_text(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """An order number, or words of title, client or place."""
        text = value.strip()
        if found := NUMBER.match(text):
            return queryset.filter(pk=int(found[1]))
        words = Q(title__icontains=text) | Q(client__name__icontains=text) | Q(site__name__icontains=text)
        return queryset.filter(words)
