"""Filters of the applications."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staffing.core import clock
from staffing.core.models import City, Role, User
from workers.models import Application, Partner, Worker
from workers.selectors.applications import late
from workers.states import OPEN, ApplicationStatus

MINE, NOBODY = "me", "none"


def _owners() -> list[tuple[str, Any]]:
    people = User.objects.filter(role__in=(Role.DISPATCHER, Role.MANAGER), is_active=True).order_by("name")
    return [(MINE, _("我")), (NOBODY, _("无人负责")), *((str(one.pk), one.name) for one in people)]


class ApplicationFilter(django_filters.FilterSet):
    """`q` (name, phone), `stage`, `owner` (me, none, a person), `source`, `partner`, `city`, `late`, `doubtful`."""

    q = django_filters.CharFilter(label=_("姓名或手机号"), method="search")
    stage = django_filters.ChoiceFilter(
        field_name="status", label=_("阶段"), choices=ApplicationStatus.choices, empty_label=_("处理中")
    )
    owner = django_filters.ChoiceFilter(label=_("负责人"), choices=_owners, empty_label=_("全部"), method="of_owner")
    source = django_filters.ChoiceFilter(label=_("来源"), choices=Worker.Source.choices, empty_label=_("全部"))
    partner = django_filters.ModelChoiceFilter(queryset=Partner.objects.all(), label=_("渠道"), empty_label=_("全部"))
    city = django_filters.ModelChoiceFilter(queryset=City.objects.all(), label=_("城市"), empty_label=_("全部"))
    late = django_filters.BooleanFilter(label=_("已超期"), method="only_late", widget=forms.CheckboxInput)
    doubtful = django_filters.BooleanFilter(label=_("可能重复"), method="only_doubtful", widget=forms.CheckboxInput)

    class Meta:
        model = Application
        fields: ClassVar[list[str]] = []

    request: HttpRequest

    def filter_queryset(self, queryset: QuerySet[Application]) -> Any:
        """Closed ones are shown only if asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("stage") else found.filter(status__in=OPEN)

    def search(self, found: QuerySet[Application], _name: str, value: str) -> QuerySet[Application]:
        """Part of a name, or of a phone number (three digits at least)."""
        digits = "".join(char for char in value if char.isdigit())
        words = Q(name__icontains=value.strip())
        return found.filter(words | Q(phone__contains=digits) if len(digits) >= 3 else words)

    def of_owner(self, found: QuerySet[Application], _name: str, value: str) -> QuerySet[Application]:
        """Mine, nobody's, or somebody's."""
        if value == NOBODY:
            return found.filter(owner=None)
        return found.filter(owner=self.request.user.pk if value == MINE else int(value))

    def only_late(self, found: QuerySet[Application], _name: str, value: bool) -> QuerySet[Application]:
        """Those whose day has passed."""
        return late(found, clock.now()) if value else found

    def only_doubtful(self, found: QuerySet[Application], _name: str, value: bool) -> QuerySet[Application]:
        """Those that may be somebody known."""
        return found.filter(duplicate=Application.Duplicate.POSSIBLE) if value else found
