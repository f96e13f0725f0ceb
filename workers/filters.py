"""Filters of the list of people."""

from decimal import Decimal

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from staffing.core.models import City
from workers.models import Skill, Worker
from workers.selectors.people import by_name_or_phone

STARS = [("4.5", _("4.5 星及以上")), ("4", _("4 星及以上")), ("3", _("3 星及以上")), ("none", _("暂无评分"))]


class PeopleFilter(django_filters.FilterSet):
    """By name or phone, city, skill, stars and status."""

    text = django_filters.CharFilter(method="by_text", label=_("姓名或手机号"))
    city = django_filters.ModelChoiceFilter(queryset=City.objects.all(), label=_("城市"), empty_label=_("全部"))
    skill = django_filters.ModelChoiceFilter(
        queryset=Skill.objects.all(), method="by_skill", label=_("技能"), empty_label=_("全部")
    )
    stars = django_filters.ChoiceFilter(choices=STARS, method="by_stars", label=_("星级"), empty_label=_("全部"))
    status = django_filters.ChoiceFilter(choices=Worker.Status.choices, label=_("状态"), empty_label=_("全部"))

    class Meta:
        model = Worker
        fields = ("text", "city", "skill", "stars", "status")

    def by_text(self, queryset: QuerySet[Worker], name: str, value: str) -> QuerySet[Worker]:
        """Part of a name or of a phone number."""
        return by_name_or_phone(queryset, value)

    def by_skill(self, queryset: QuerySet[Worker], name: str, value: Skill) -> QuerySet[Worker]:
        """Those who have the skill at any level."""
        return queryset.filter(pk__in=Worker.objects.filter(skills__skill=value).values("pk"))

    def by_stars(self, queryset: QuerySet[Worker], name: str, value: str) -> QuerySet[Worker]:
        """At least so many stars, or none yet."""
        if value == "none":
            return queryset.filter(stars__isnull=True)
        return queryset.filter(stars__gte=Decimal(value))
