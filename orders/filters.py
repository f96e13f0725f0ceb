"""What a client may filter the list of orders by."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.states import OrderStatus

NUMBER = re.compile(r"[dD]?0*(\d{1,9})")


class ClientOrderFilter(django_filters.FilterSet):
    """Text (title, site, number), state, and days served."""

    q = django_filters.CharFilter(
        label=_("搜索"), method="search", widget=forms.TextInput(attrs={"type": "search", "maxlength": 80})
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"), field_name="status", choices=OrderStatus.choices, empty_label=_("全部")
    )
    since = django_filters.DateFilter(label=_("服务日期从"), method="not_before")
    until = django_filters.DateFilter(label=_("到"), method="not_after")

    class Meta:
        model = Order
        fields: list[str] = []

    def search(self, orders: QuerySet[Order], _name: str, words: str) -> QuerySet[Order]:
        """Title, site or number contains the words."""
        found = Q(title__icontains=words) | Q(site__name__icontains=words)
        number = NUMBER.fullmatch(words.strip())
        return orders.filter(found | Q(pk=int(number[1])) if number else found)

    def not_before(self, orders: QuerySet[Order], _name: str, day: date) -> QuerySet[Order]:
        """Orders that still run on the day or later."""
        return orders.filter(ends_at__gt=_midnight(day))

    def not_after(self, orders: QuerySet[Order], _name: str, day: date) -> QuerySet[Order]:
        """Orders that begin on the day or earlier."""
        return orders.filter(starts_at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def typed(form: Any) -> bool:
    """Whether anything is filtered by."""
    return any(form.data.get(name) for name in form.fields)
