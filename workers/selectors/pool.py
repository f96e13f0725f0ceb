"""Reads of the pool."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONArray
from django.utils.translation import gettext_lazy as _

from staffing.core.errors import Invalid
from staffing.core.holidays import Overrides
from staffing.core.models import City, PublicHoliday
from workers.models import (
    AvailabilityException,
    AvailabilityWindow,
    Level,
    PapersPolicy,
    PoolPolicy,
    RateCard,
    Worker,
    WorkerCertificate,
    WorkerCourse,
    WorkerLanguage,
    WorkerSkill,
)
from workers.pay.rates import UpliftPolicy
from workers.states import MATCHED

Pairs = Mapping[int, list[tuple[Any, ...]]]


class Attained(NamedTuple):
    """A level, its last valid day (None: for ever), and the day on which it was verified (None: one's own word)."""

    level: int
    until: date | None
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What matching looks at in one person, as plain values; minutes where the name says so."""

    id: int
    name: str
    city: str
    latitude: float | None
    longitude: float | None
    max_km: int
    remote_ok: bool
    stars: Decimal | None
    reliability: int
    services_done: int
    clearance: int
    clearance_until: date | None
    contract: str
    weekly_cap_minutes: int | None
    min_rest_minutes: int
    active: bool
    skills: Mapping[str, Attained]
    certificates: Mapping[str, date | None]
    courses: Mapping[str, date | None]
    languages: Mapping[str, Attained]
    windows: Sequence[tuple[Any, ...]]
    exceptions: Sequence[tuple[Any, ...]]


PLAIN = (
    "pk",
    "user__name",
    "city__code",
    "latitude",
    "longitude",
    "max_km",
    "remote_ok",
    "stars",
    "reliability",
    "services_done",
    "clearance",
    "clearance_until",
    "contract",
    "weekly_cap_minutes",
    "min_rest_minutes",
)
NAMES = ("id", "name", "city", *PLAIN[3:])
_SAID_ONLY = Q(verified_on__isnull=True) & ~Exists(
    PapersPolicy.objects.filter(pk=1, unverified_certificates_count=True)
)
# A certificate that nobody has verified is over since the first of days, unless the policy lets it count.
CERTIFIED = WorkerCertificate.objects.annotate(
    counts_until=Case(When(_SAID_ONLY, then=Value(date.min)), default=F("expires_on"), output_field=DateField())
)
# What there is of a person in other tables: name, rows, columns.
CHILDREN: Any = (
    ("skills", WorkerSkill.objects, "skill__code", "level", "valid_until", "verified_on"),
    ("certificates", CERTIFIED, "type__code", "counts_until"),
    ("courses", WorkerCourse.objects, "course__code", "valid_until"),
    ("languages", WorkerLanguage.objects, "language__code", "level", "valid_until", "verified_on"),
    ("windows", AvailabilityWindow.objects, "weekday", "start_minute", "end_minute"),
    ("exceptions", AvailabilityException.objects, "kind", "start_at", "end_at"),
)


def profiles() -> list[Profile]:
    """Everybody by id, in seven queries whatever their number; plain tuples, five times as fast as models."""
    told = {name: _by_worker(rows.all(), *fields) for name, rows, *fields in CHILDREN}
    people: Iterable[tuple[Any, ...]] = Worker.objects.order_by("pk").values_list("status", "user__is_active", *PLAIN)
    return [
        _profile(status, login, plain, {name: rows.get(plain[0], []) for name, rows in told.items()})
        for status, login, *plain in people
    ]


def profile(worker_id: int) -> Profile:
    """One person, the same as `profiles` gives, in one query. Raises `Worker.DoesNotExist`."""
    lists = {f"{name}_": _listed(rows, *fields) for name, rows, *fields in CHILDREN}
    found = Worker.objects.filter(pk=worker_id).annotate(**lists)
    status, login, *values = found.values_list("status", "user__is_active", *PLAIN, *lists).get()
    plain, children = values[: len(PLAIN)], values[len(PLAIN) :]
    told = {name: rows for (name, *_rest), rows in zip(CHILDREN, children, strict=True)}
    for name in ("certificates", "courses"):
        told[name] = [(code, _day(until)) for code, until in told[name]]
    for name in ("skills", "languages"):
        told[name] = [(code, level, *map(_day, days)) for code, level, *days in told[name]]
    told["windows"] = [tuple(row) for row in told["windows"]]
    told["exceptions"] = [(kind, _moment(start), _moment(end)) for kind, start, end in told["exceptions"]]
    return _profile(status, login, plain, told)


def _profile(status: str, login: bool, plain: Sequence[Any], told: Mapping[str, Any]) -> Profile:
    abilities: Any = {name: dict(told[name]) for name in ("certificates", "courses")}
    abilities |= {
        name: {code: Attained(*attained) for code, *attained in told[name]} for name in ("skills", "languages")
    }
    return Profile(
        active=status in MATCHED and login,
        **abilities,
        windows=told["windows"],
        exceptions=told["exceptions"],
        **dict(zip(NAMES, plain, strict=True)),
    )


def _listed(rows: Any, *fields: str) -> ArraySubquery:
    mine = rows.filter(worker=OuterRef("pk")).order_by("pk")
    return ArraySubquery(mine.annotate(row_=JSONArray(*fields)).values("row_"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _by_worker(rows: QuerySet[Any], *fields: str) -> Pairs:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for worker, *values in rows.order_by().values_list("worker_id", *fields):
        found[worker].append(tuple(values))
    return found


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
    return overrides_of(PublicHoliday.objects.values_list("day", "kind"))


def overrides_of(rows: Iterable[tuple[date, str]]) -> Overrides:
    """The same from rows that were read already: day and kind."""
    found: dict[date, str] = dict(rows)
    return found  # type: ignore[return-value]
