"""What orders ask for, as the engine reads it: one need a shift.

A fixed number of queries reads the needs of one order or of thousands; nothing here makes an object of a row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Value

from orders.matching import LatLng, Need
from orders.models import (
    DoNotSend,
    Order,
    OrderCertificate,
    OrderCourse,
    OrderLanguage,
    OrderSkill,
    Package,
    TeamMember,
)
from staffing.core.bulk import among, together

Sets = Mapping[int, frozenset[Any]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order asks for every shift alike, and the order's status; in the order of `COLUMNS`."""

    pk: int
    status: str
    client_id: int
    package: str
    value: int
    city: str
    remote: bool
    latitude: float | None
    longitude: float | None
    min_stars: Decimal | None
    clearance: int

    @classmethod
    def of(cls, order: Order) -> "Terms":
        """Of an order with its client, site and city."""
        return cls(
            pk=order.pk,
            status=str(order.status),
            client_id=order.client_id,
            package=str(order.package),
            value=order.client.value,
            city=order.city.code,
            remote=order.remote,
            latitude=order.site.latitude if order.site else None,
            longitude=order.site.longitude if order.site else None,
            min_stars=order.min_stars,
            clearance=order.clearance,
        )

    @property
    def site(self) -> LatLng | None:
        """Where the work is done, if that is one place."""
        if self.remote or self.latitude is None or self.longitude is None:
            return None
        return LatLng(self.latitude, self.longitude)


COLUMNS: Final = (
    "pk",
    "status",
    "client_id",
    "package",
    "client__value",
    "city__code",
    "remote",
    "site__latitude",
    "site__longitude",
    "min_stars",
    "clearance",
)


@dataclass(frozen=True, slots=True)
class Times:
    """A shift: `[start, end)`, and how many people."""

    pk: int
    order_id: int
    start: datetime
    end: datetime
    headcount: int


def floor_minute(moment: datetime) -> datetime:
    """The whole minute at or before the moment; starts are rounded so."""
    return moment.replace(second=0, microsecond=0)


def ceil_minute(moment: datetime) -> datetime:
    """The whole minute at or after the moment; ends are rounded so."""
    floor = floor_minute(moment)
    return floor if floor == moment else floor + timedelta(minutes=1)


def read(orders: Mapping[int, Terms], shifts: Iterable[Times]) -> dict[int, Need]:
    """By shift, in whole minutes; no places are held for novices yet. Two queries, whatever the number of orders."""
    clients = among("client_id", {terms.client_id for terms in orders.values()})
    columns = ("client_id", "worker_id")
    listed = DoNotSend.objects.filter(clients)
    tied = listed.filter(kind=DoNotSend.Kind.CONFLICT)
    rows = together((TeamMember.objects.filter(clients), columns), (listed, columns), (tied, columns))
    lists, asked = _Lists(*map(_sets, rows)), _Asked(orders)
    alike = {pk: _alike(terms, asked, lists) for pk, terms in orders.items()}
    return {shift.pk: _need(shift, alike[shift.order_id]) for shift in shifts}


def blocked(clients: Iterable[int]) -> Sets:
    """By client: workers never to be sent to them."""
    return _sets(DoNotSend.objects.filter(among("client_id", set(clients))).values_list("client_id", "worker_id"))


class _Asked:
    """What orders require, by order; one query."""

    def __init__(self, orders: Iterable[int]) -> None:
        mine = among("order_id", orders)
        skills, languages, certificates, courses = together(
            (OrderSkill.objects.filter(mine), ("order_id", "skill__code", "min_level")),
            (OrderLanguage.objects.filter(mine), ("order_id", "language__code", "min_level")),
            (OrderCertificate.objects.filter(mine), ("order_id", "type__code", Value(0))),
            (OrderCourse.objects.filter(mine), ("order_id", "course__code", Value(0))),
        )
        self.skills, self.languages = _levels(skills), _levels(languages)
        self.certificates = _sets((order, code) for order, code, _ in certificates)
        self.courses = _sets((order, code) for order, code, _ in courses)


class _Lists(NamedTuple):
    """By client: its team, whoever is not sent there, and those of them for a conflict of interest."""

    teams: Sets
    barred: Sets
    tied: Sets


def _alike(terms: Terms, asked: _Asked, lists: _Lists) -> dict[str, Any]:
    nothing: frozenset[Any] = frozenset()
    return {
        "order_id": terms.pk,
        "client_id": terms.client_id,
        "city": terms.city,
        "remote": terms.remote,
        "site": terms.site,
        "skills": asked.skills.get(terms.pk, {}),
        "certificates": asked.certificates.get(terms.pk, nothing),
        "courses": asked.courses.get(terms.pk, nothing),
        "languages": asked.languages.get(terms.pk, {}),
        "min_stars": terms.min_stars,
        "clearance": terms.clearance,
        "priority": terms.value,
        "blocked": lists.barred.get(terms.client_id, nothing),
        "conflicts": lists.tied.get(terms.client_id, nothing),
        # whoever orders another package wants the best people, whether they know them or not
        "team": lists.teams.get(terms.client_id, nothing) if terms.package == Package.FIXED_TEAM else nothing,
    }


def _need(shift: Times, alike: dict[str, Any]) -> Need:
    start, end = floor_minute(shift.start), ceil_minute(shift.end)
    return Need(shift_id=shift.pk, start=start, end=end, headcount=shift.headcount, **alike)


def _levels(rows: Iterable[tuple[int, str, int]]) -> Mapping[int, Mapping[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for order, code, level in rows:
        found[order][code] = level
    return found


def _sets(rows: Iterable[tuple[int, Any]]) -> Sets:
    found: dict[int, set[Any]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}
