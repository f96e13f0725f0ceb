"""Filters of the dispatcher's queue."""

import re
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Client, Order
from orders.selectors.desk.queue import OVER, RUNNING, TO_DO
from orders.states import OrderStatus
from staffing.core.models import City

NUMBER = re.compile(r"^[Dd]0*(\d{1,18})$")
GROUPS = {"": TO_DO, "running": RUNNING, "over": OVER, "all": tuple(OrderStatus)}
STATES = [
    ("running", _("进行中")),
    ("over", _("已结束")),
    ("all", _("全部")),
    *[choice for choice in OrderStatus.choices if choice[0] != OrderStatus.DRAFT],
]


class DeskFilter(django_filters.FilterSet):
    """By state (without one: what waits for somebody), city, client and text (number, title, client, place)."""

    text = django_filters.CharFilter(method="by_text", label=_("搜索"))
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("状态"), empty_label=_("待处理"))
    city = django_filters.ModelChoiceFilter(queryset=City.objects.all(), label=_("城市"), empty_label=_("全部"))
    client = django_filters.ModelChoiceFilter(
        queryset=Client.objects.filter(is_active=True), label=_("客户"), empty_label=_("全部")
    )

    class Meta:
        model = Order
        fields = ("text", "state", "city", "client")

    @property
    def group(self) -> str:
        """The chosen state or group of states; empty for the default."""
        self.form.is_valid()
        return str(self.form.cleaned_data.get("state") or "")

    def filter_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """The state always applies, also when nothing was chosen."""
        return super().filter_queryset(queryset).filter(status__in=GROUPS.get(self.group, (self.group,)))

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


def desk_filter(data: Any, queryset: QuerySet[Order]) -> DeskFilter:
    """The filter for a query string; values that make no sense are left out."""
    return DeskFilter(data, queryset=queryset)
