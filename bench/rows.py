"""A benchmark instance as the product's own rows: people with all that is known of them, clients, orders, shifts.

What the product has no place for is left out: the price of an hour and minutes worked before the week. So its pairs
are not the benchmark's, though there are about as many. Ids are list positions plus one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, Final

from django.db import connection, models

from orders.models import (
    Assignment,
    Client,
    DoNotSend,
    Offer,
    Order,
    OrderCertificate,
    OrderLanguage,
    OrderSkill,
    Position,
    Shift,
    Site,
    TeamMember,
)
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.models import City, User
from workers.models import (
    AvailabilityException,
    AvailabilityWindow,
    CertificateType,
    Language,
    Skill,
    Worker,
    WorkerCertificate,
    WorkerLanguage,
    WorkerSkill,
)

Row = dict[str, Any]
Instance = Mapping[str, Any]

# Monday 00:00 in Shanghai: minute 0 of the horizon
MONDAY: Final = datetime(2026, 11, 29, 16, tzinfo=UTC)
NOW: Final = MONDAY - timedelta(days=1)
DAY: Final = 1440
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})


def moment(minute: int) -> datetime:
    """The moment of a minute of the horizon."""
    return MONDAY + timedelta(minutes=minute)


def fill(tables: Iterable[tuple[type[models.Model], Iterable[Row]]]) -> None:
    """Write rows into the empty tables, without triggers, and gather statistics for the planner."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for model, rows in tables:
            copy(cursor, model, rows)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def tables(instance: Instance, *, open_orders: bool = True) -> Iterator[tuple[type[models.Model], Iterable[Row]]]:
    """Each table with its rows, parents first; without the orders to be matched, only people, clients and bookings."""
    yield from catalogue(instance)
    yield from people(instance["workers"])
    yield from clients(instance["clients"])
    if open_orders:
        yield from orders(instance["orders"], instance["clients"])
    yield from booked(instance["workers"]["commitments"], len(instance["orders"]), instance["meta"]["n_shifts"])


def copy(cursor: Any, model: type[models.Model], rows: Iterable[Row]) -> None:
    """Add rows by COPY; columns that the rows do not name get the field's default."""
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    fields = {f.attname: f.get_default() for f in model._meta.concrete_fields if not f.primary_key} | dict(first)
    rest = {name: value for name, value in fields.items() if name not in first}
    names, held = [*first, *rest], StringIO()
    constant = "".join(f"\t{_text(value)}" for value in rest.values())
    for row in _chained(first, iterator):
        held.write("\t".join(map(_text, row.values())) + constant + "\n")
    held.seek(0)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.copy_expert(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN', held)


def code_of(at: int) -> str:
    """The code of the catalogue entry at this place, whatever its kind."""
    return f"n{at:04d}"


def catalogue(instance: Instance) -> Iterator[tuple[type[models.Model], Iterable[Row]]]:
    """Cities, skills, certificates, languages."""
    kinds: Sequence[tuple[type[models.Model], str]] = (
        (Skill, "n_skills"),
        (CertificateType, "n_certs"),
        (Language, "n_langs"),
    )
    for model, count in kinds:
        yield model, [_named(at) for at in range(instance["meta"][count])]
    places = [
        _named(city["id"]) | {"tier": 1, "latitude": city["lat"], "longitude": city["lng"]}
        for city in instance["cities"]
    ]
    yield City, places


def people(workers: Instance) -> Iterator[tuple[type[models.Model], Iterable[Row]]]:
    """Logins, workers and what each can do and when."""
    size = len(workers["city"])
    yield User, ({"id": w + 1, "phone": f"1{3 * 10**9 + w}", "name": f"W{w}", "role": "worker", "password": "!"}
                 for w in range(size))  # fmt: skip
    yield Worker, (_worker(workers, w) for w in range(size))
    yield WorkerSkill, ({"worker_id": w + 1, "skill_id": skill + 1, "level": level}
                        for w, listed in enumerate(workers["skills"]) for skill, level in listed)  # fmt: skip
    yield WorkerCertificate, ({"worker_id": w + 1, "type_id": one + 1, "verified_on": "2026-01-05"}
                              for w, listed in enumerate(workers["certs"]) for one in listed)  # fmt: skip
    yield WorkerLanguage, ({"worker_id": w + 1, "language_id": one + 1, "level": 5}
                           for w, listed in enumerate(workers["langs"]) for one in listed)  # fmt: skip
    yield AvailabilityWindow, (_window(w, start, end)
                               for w, listed in enumerate(workers["weekly"]) for start, end in listed)  # fmt: skip
    yield (
        AvailabilityException,
        (
            {"worker_id": w + 1, "kind": ("off", "extra")[kind], "start_at": moment(start), "end_at": moment(end)}
            for w, listed in enumerate(workers["exceptions"])
            for kind, start, end in listed
        ),
    )


def clients(listed: Sequence[Instance]) -> Iterator[tuple[type[models.Model], Iterable[Row]]]:
    """Clients with one site each, whom they want and whom not."""
    yield Client, ({"id": c["id"] + 1, "name": f"C{c['id']}", "industry": "ecommerce", "created_at": NOW}
                   for c in listed)  # fmt: skip
    yield (
        Site,
        (
            {"id": c["id"] + 1, "client_id": c["id"] + 1, "name": "S", "address": "S", "city_id": c["city"] + 1}
            | {"latitude": c["lat"], "longitude": c["lng"], "given_datum": "wgs84"}
            for c in listed
        ),
    )
    yield DoNotSend, ({"client_id": c["id"] + 1, "worker_id": w + 1, "created_at": NOW}
                      for c in listed for w in c["blacklist"])  # fmt: skip
    yield TeamMember, ({"client_id": c["id"] + 1, "worker_id": w + 1, "created_at": NOW}
                       for c in listed for w in c["favourites"])  # fmt: skip


def orders(listed: Sequence[Instance], of: Sequence[Instance]) -> Iterator[tuple[type[models.Model], Iterable[Row]]]:
    """Submitted orders, what they ask for, their shifts and open places."""
    yield Order, (_order(o, of[o["client"]]) for o in listed)
    yield OrderSkill, ({"order_id": o["id"] + 1, "skill_id": skill + 1, "min_level": level}
                       for o in listed for skill, level in o["skills"])  # fmt: skip
    yield OrderCertificate, ({"order_id": o["id"] + 1, "type_id": one + 1} for o in listed for one in o["certs"])
    yield OrderLanguage, ({"order_id": o["id"] + 1, "language_id": one + 1, "min_level": 3}
                          for o in listed for one in o["langs"])  # fmt: skip
    shifts = [(o, s) for o in listed for s in o["shifts"]]
    yield Shift, (_shift(s["id"] + 1, o["id"] + 1, s["start"], s["end"], o["headcount"]) for o, s in shifts)
    yield Position, ({"shift_id": s["id"] + 1, "number": n + 1, "status": PositionStatus.OPEN}
                     for o, s in shifts for n in range(o["headcount"]))  # fmt: skip


def booked(
    commitments: Sequence[Sequence[Sequence[int]]], order: int, shift: int
) -> Iterator[tuple[type[models.Model], Iterable[Row]]]:
    """Work given away already: one remote order with a shift, a place, an offer and an assignment a commitment."""
    spans = [(w, start, end) for w, listed in enumerate(commitments) for start, end in listed]
    if not spans:
        return
    base, rate = 10_000_000, {"pay_rate": "28.00"}
    yield Order, [_order_row(order + 1, 1, None, 1) | {"status": OrderStatus.FILLED}]
    yield Shift, (_shift(base + i, order + 1, start, end, 1) for i, (_, start, end) in enumerate(spans))
    yield Position, ({"id": base + i, "shift_id": base + i, "number": 1, "status": PositionStatus.FILLED,
                      "proposed_worker_id": w + 1} for i, (w, _, _) in enumerate(spans))  # fmt: skip
    yield Offer, ({"id": base + i, "position_id": base + i, "worker_id": w + 1, "status": OfferStatus.ACCEPTED,
                   "sent_at": NOW, "expires_at": MONDAY} | rate for i, (w, _, _) in enumerate(spans))  # fmt: skip
    yield (
        Assignment,
        (
            {"position_id": base + i, "offer_id": base + i, "worker_id": w + 1, "status": AssignmentStatus.BOOKED}
            | {"start_at": moment(start), "end_at": moment(end), "bill_rate": "45.00", "booked_at": NOW}
            | rate
            for i, (w, start, end) in enumerate(spans)
        ),
    )


def _named(at: int) -> Row:
    return {"id": at + 1, "code": code_of(at), "name_zh": str(at), "name_en": str(at)}


def _worker(workers: Instance, w: int) -> Row:
    return {
        "id": w + 1,
        "user_id": w + 1,
        "city_id": workers["city"][w] + 1,
        "latitude": workers["lat"][w],
        "longitude": workers["lng"][w],
        "max_km": workers["max_km"][w],
        "remote_ok": bool(workers["remote_ok"][w]),
        "stars": workers["stars10"][w] / 10,
        "reliability": workers["reliability"][w],
        "services_done": 10,
        "clearance": workers["background"][w],
        "contract": Worker.Contract.SERVICE,
        "weekly_cap_minutes": workers["max_week_min"][w],
        "min_rest_minutes": workers["min_rest"][w],
        "joined_on": "2026-01-01",
    }


def _window(w: int, start: int, end: int) -> Row:
    day = start // DAY
    return {"worker_id": w + 1, "weekday": day, "start_minute": start - day * DAY, "end_minute": end - day * DAY}


def _order(order: Instance, client: Instance) -> Row:
    site = None if order["remote"] else order["client"] + 1
    asked = {"clearance": order["background"], "min_stars": order["min_stars10"] / 10 or None}
    return _order_row(order["id"] + 1, order["client"] + 1, site, client["city"] + 1) | asked


def _order_row(key: int, client: int, site: int | None, city: int) -> dict[str, Any]:
    return {
        "id": key,
        "client_id": client,
        "created_by_id": 1,
        "form_key": uuid.UUID(int=key),
        "title": f"O{key}",
        "service_type": "retail",
        "remote": site is None,
        "site_id": site,
        "city_id": city,
        "status": OrderStatus.SUBMITTED,
        "bill_rate": "45.00",
        "estimate": "100.00",
        "created_at": NOW,
        "submitted_at": NOW,
        "starts_at": MONDAY,
        "ends_at": MONDAY + timedelta(days=7),
        "clearance": 0,
        "min_stars": None,
    }


def _shift(key: int, order: int, start: int, end: int, headcount: int) -> Row:
    return {"id": key, "order_id": order, "start_at": moment(start), "end_at": moment(end), "headcount": headcount}


def _chained(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _text(value: Any) -> str:
    """A value in COPY's text form."""
    if value is None:
        return "\\N"
    return str(value).translate(_ESCAPES) if isinstance(value, str) else str(value)
