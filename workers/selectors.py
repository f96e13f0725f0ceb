"""Reads of the pool."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from staffing.core.errors import Invalid
from staffing.core.holidays import Overrides
from staffing.core.models import City, PublicHoliday
from workers.models import Level, PoolPolicy, RateCard, Worker
from workers.pay.rates import UpliftPolicy


def pool() -> QuerySet[Worker]:
    """Everybody, with all that matching looks at, in a fixed number of queries."""
    return (
        Worker.objects.select_related("user", "city")
        .prefetch_related("skills__skill", "certificates__type", "languages__language", "windows", "exceptions")
        .order_by("id")
    )


def rate_card(city: City, level: str, service_type: str) -> RateCard:
    """The row for a city's tier, a level and a service type. Raises `Invalid` if the table has a hole there."""
    row = RateCard.objects.filter(tier=city.tier, level=level, service_type=service_type).first()
    if row is None:
        raise Invalid("no_rate", _("费率表中没有该城市、级别与服务类型的价格，请联系调度。"))
    return row


def bill_rate(city: City, service_type: str) -> Decimal:
    """CNY an hour and person that a client pays there for that service."""
    return rate_card(city, Level.JUNIOR, service_type).bill_rate


def uplift_policy(policy: PoolPolicy) -> UpliftPolicy:
    """The night and holiday rule in force, as the pure arithmetic wants it."""
    return UpliftPolicy(
        night_percent=Decimal(policy.night_percent),
        holiday_percent=Decimal(policy.holiday_percent),
        night_start=policy.night_start,
        night_end=policy.night_end,
    )


def holiday_overrides() -> Overrides:
    """The administrator's corrections of the official calendar."""
    rows: dict[date, str] = dict(PublicHoliday.objects.values_list("day", "kind"))
    return rows  # type: ignore[return-value]
