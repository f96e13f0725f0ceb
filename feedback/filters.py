"""Filters of the board of cases."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import ReviewCase
from feedback.selectors.cases import GROUPS

GROUP_CHOICES = [(name, name) for name in GROUPS]


class CaseFilter(django_filters.FilterSet):
    """`state` (open, reported, closed; a tab), `owner` (me), `q` (client, order title or case number)."""

    state = django_filters.ChoiceFilter(choices=GROUP_CHOICES, method="in_state", widget=forms.HiddenInput)
    owner = django_filters.ChoiceFilter(
        label=_("负责人"), choices=[("me", _("我负责的"))], empty_label=_("所有人"), method="of_owner"
    )
    q = django_filters.CharFilter(label=_("客户、订单或案件号"), method="search")

    class Meta:
        model = ReviewCase
        fields: ClassVar[list[str]] = []

    def in_state(self, cases: QuerySet[ReviewCase], _name: str, value: str) -> QuerySet[ReviewCase]:
        """The tab: kept apart, since its counts are shown too."""
        return cases

    def of_owner(self, cases: QuerySet[ReviewCase], _name: str, _value: str) -> QuerySet[ReviewCase]:
        """Owned by whoever asks, or theirs to take over as the substitute."""
        return cases.filter(Q(owner=self.request.user) | Q(substitute=self.request.user))

    def search(self, cases: QuerySet[ReviewCase], _name: str, value: str) -> QuerySet[ReviewCase]:
        """By client, title, or the number people call the case."""
        text = value.strip()
        digits = text.upper().removeprefix("C")
        found = Q(client__name__icontains=text) | Q(order__title__icontains=text) | Q(complaint__text__icontains=text)
        return cases.filter(found | Q(pk=int(digits)) if _is_number(digits) else found)

    @property
    def state_name(self) -> str:
        """The chosen tab; the open cases unless told otherwise."""
        chosen: Any = self.form.cleaned_data.get("state") if self.form.is_valid() else ""
        return str(chosen or "open")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
