"""Filters of the complaints and of the surveys."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import Complaint, Survey
from feedback.selectors.complaints import STATES, in_state
from feedback.selectors.surveys import STATES as SURVEY_STATES
from feedback.selectors.surveys import in_state as survey_in_state
from staffing.core import clock


class ComplaintFilter(django_filters.FilterSet):
    """`state` (open, closed, archived), `category`, `severity`, `source`, `q` (client, order, words)."""

    state = django_filters.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=_("未归档"), method="of_state")
    category = django_filters.ChoiceFilter(label=_("类别"), choices=Complaint.Category.choices, empty_label=_("全部"))
    severity = django_filters.ChoiceFilter(
        label=_("严重程度"), choices=Complaint.Severity.choices, empty_label=_("全部")
    )
    source = django_filters.ChoiceFilter(
        field_name="raised_by_role", label=_("来源"), choices=Complaint.Source.choices, empty_label=_("全部")
    )
    q = django_filters.CharFilter(label=_("客户、订单或内容"), method="search")

    class Meta:
        model = Complaint
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Complaint]) -> Any:
        """Put away ones are shown only if asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(archived_at__isnull=True)

    def of_state(self, found: QuerySet[Complaint], _name: str, value: str) -> QuerySet[Complaint]:
        """Where its case stands, or put away."""
        return in_state(found, value)

    def search(self, found: QuerySet[Complaint], _name: str, value: str) -> QuerySet[Complaint]:
        """By client, order, or what was said."""
        text = value.strip()
        same = Q(client__name__icontains=text) | Q(order__title__icontains=text) | Q(text__icontains=text)
        digits = text.upper().removeprefix("D")
        number = digits.isascii() and digits.isdigit() and len(digits) < 10
        return found.filter(same | Q(order=int(digits)) if number else same)


class SurveyFilter(django_filters.FilterSet):
    """`state` (waiting, answered, expired, revoked, held), `q` (client, order title)."""

    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=SURVEY_STATES, empty_label=_("全部"), method="of_state"
    )
    q = django_filters.CharFilter(label=_("客户或订单"), method="search")

    class Meta:
        model = Survey
        fields: ClassVar[list[str]] = []

    def of_state(self, found: QuerySet[Survey], _name: str, value: str) -> QuerySet[Survey]:
        """Where it stands now."""
        return survey_in_state(found, value, clock.now())

    def search(self, found: QuerySet[Survey], _name: str, value: str) -> QuerySet[Survey]:
        """By client or order."""
        text = value.strip()
        return found.filter(Q(client__name__icontains=text) | Q(order__title__icontains=text))
