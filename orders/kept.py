"""An order without its dates, as a template keeps it: values by the names of the form's fields, and shifts by day."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Client, GateProfile, Order, OrderTemplate, Site
from orders.services.ordering import OrderSpec, ShiftSpec
from staffing.core.errors import Invalid
from staffing.core.models import City
from workers.models import CertificateType, Course, Language, ServiceType, Skill

DAY = timedelta(days=1)
Values = Mapping[str, Any]


def values_of(spec: OrderSpec) -> dict[str, Any]:
    """The fields of an order, ready to be kept as JSON; `weekday` is that of its first day."""
    return {
        "title": spec.title,
        "service_type": spec.service_type,
        "place": "remote" if spec.remote else "own",
        "site": spec.site.pk if spec.site else None,
        "city": spec.city.pk,
        "min_stars": str(spec.min_stars) if spec.min_stars is not None else None,
        "clearance": spec.clearance,
        "certificates": list(spec.certificates),
        "courses": list(spec.courses),
        "notes": spec.notes,
        "readiness": spec.readiness,
        "package": spec.package,
        "special_pool": spec.special_pool.pk if spec.special_pool else None,
        "weekday": _first_day(spec.shifts).weekday(),
        **{f"skill_{pk}": level for pk, level in (spec.skills or {}).items()},
        **{f"language_{pk}": level for pk, level in (spec.languages or {}).items()},
    }


def spec_of_order(order: Order) -> OrderSpec:
    """What an order asked for; its parts should be loaded."""
    return OrderSpec(
        title=order.title,
        service_type=order.service_type,
        city=order.city,
        shifts=[ShiftSpec(shift.start_at, shift.end_at, shift.headcount) for shift in order.shifts.all()],
        remote=order.remote,
        site=order.site,
        skills={row.skill_id: row.min_level for row in order.skills.all()},
        certificates=[row.type_id for row in order.certificates.all()],
        courses=[row.course_id for row in order.courses.all()],
        languages={row.language_id: row.min_level for row in order.languages.all()},
        min_stars=order.min_stars,
        clearance=order.clearance,
        notes=order.notes,
        readiness=order.readiness,
        package=order.package,
        special_pool=order.special_pool,
    )


def _first_day(shifts: Sequence[ShiftSpec]) -> date:
    return timezone.localdate(min(shift.start for shift in shifts))


def shifts_of(shifts: Sequence[ShiftSpec]) -> list[dict[str, Any]]:
    """The shifts by day, counted from the first."""
    first = _first_day(shifts)
    return [
        {
            "day": (timezone.localdate(shift.start) - first).days,
            "start": f"{timezone.localtime(shift.start):%H:%M}",
            "end": f"{timezone.localtime(shift.end):%H:%M}",
            "headcount": shift.headcount,
        }
        for shift in shifts
    ]


def shifts_on(kept: Sequence[Values], first: date) -> list[ShiftSpec]:
    """The shifts with `first` as their first day; an end at or before the start is on the next day."""
    return [_shift(one, first + one["day"] * DAY) for one in kept]


def _shift(one: Values, day: date) -> ShiftSpec:
    start, end = time.fromisoformat(one["start"]), time.fromisoformat(one["end"])
    last = day if end > start else day + DAY
    begins, ends = (timezone.make_aware(datetime.combine(*when)) for when in ((day, start), (last, end)))
    return ShiftSpec(begins, ends, one["headcount"])


def next_first_day(template: OrderTemplate, now: datetime) -> date:
    """The next day on the template's weekday, tomorrow at the earliest."""
    tomorrow = timezone.localdate(now) + DAY
    return tomorrow + (template.values.get("weekday", tomorrow.weekday()) - tomorrow.weekday()) % 7 * DAY


def spec_of(template: OrderTemplate, client: Client, shifts: Sequence[ShiftSpec], key: uuid.UUID) -> OrderSpec:
    """What the template asks for, at these times. Raises `Invalid` if something it names is gone."""
    values = template.values
    remote = values["place"] == "remote"
    site = None if remote else _site(client, values.get("site"))
    if values["service_type"] not in ServiceType.values:
        raise Invalid("kind_gone", _("模板里的服务类型已不再提供。"))
    return OrderSpec(
        title=values["title"],
        service_type=values["service_type"],
        city=site.city if site else _city(values.get("city")),
        shifts=shifts,
        remote=remote,
        site=site,
        skills=_levels(values, "skill", Skill),
        certificates=_ids(values.get("certificates", ()), CertificateType),
        courses=_ids(values.get("courses", ()), Course),
        languages=_levels(values, "language", Language),
        min_stars=Decimal(values["min_stars"]) if values.get("min_stars") else None,
        clearance=values.get("clearance") or 0,
        notes=values.get("notes", ""),
        readiness=values.get("readiness", ""),
        form_key=key,
        package=values.get("package"),
        special_pool=GateProfile.objects.filter(pk=values.get("special_pool")).first(),
    )


def _site(client: Client, pk: int | None) -> Site:
    site = client.sites.select_related("city").filter(pk=pk or 0).first()
    if site is None:
        raise Invalid("site_gone", _("模板里的服务地点已不存在，请修改模板。"))
    return site


def _city(pk: int | None) -> City:
    city = City.objects.filter(pk=pk or 0).first()
    if city is None:
        raise Invalid("city_gone", _("模板里的城市已不存在，请修改模板。"))
    return city


def _levels(values: Values, kind: str, model: Any) -> dict[int, int]:
    levels = {pk: level for pk, level in _numbered(values, f"{kind}_") if level}
    return {pk: levels[pk] for pk in _ids(list(levels), model)}


def _numbered(values: Values, start: str) -> Iterator[tuple[int, Any]]:
    for name, value in values.items():
        if name.startswith(start):
            yield int(name.removeprefix(start)), value


def _ids(pks: Sequence[int], model: Any) -> list[int]:
    if model.objects.filter(pk__in=pks).count() != len(set(pks)):
        raise Invalid("gate_gone", _("模板里的某项要求已不在目录中，请修改模板。"))
    return list(pks)
