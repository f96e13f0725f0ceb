"""A benchmark instance's clients as people who order: logins with tokens, prices, orders as bodies and as needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import models
from rest_framework.authtoken.models import Token

from bench import rows
from orders.matching import LatLng, Need
from orders.models import ClientMember
from staffing.core.models import User
from workers.models import Level, RateCard, ServiceType

Json = dict[str, Any]
# logins of clients come after those of 100,000 workers
FIRST_LOGIN: Final = 10_000_000
LANGUAGE_LEVEL: Final = 3
SERVICE: Final = ServiceType.RETAIL
WEEK: Final = timedelta(days=7)


def tables(clients: Sequence[Json]) -> Iterator[tuple[type[models.Model], Iterable[Json]]]:
    """One login with a token a client, and the price of the one service."""
    logins = [(FIRST_LOGIN + c["id"], c["id"] + 1) for c in clients]
    yield User, ({"id": user, "phone": f"1{5 * 10**9 + at}", "name": f"M{at}", "role": "client", "password": "!"}
                 for user, at in logins)  # fmt: skip
    yield ClientMember, ({"user_id": user, "client_id": client} for user, client in logins)
    yield Token, ({"key": token_of(client - 1), "user_id": user, "created": rows.NOW} for user, client in logins)
    price = {"tier": 1, "level": Level.JUNIOR, "service_type": SERVICE, "pay_rate": "28.00", "bill_rate": "45.00"}
    yield RateCard, [price]


def token_of(client: int) -> str:
    """The token of a client's login."""
    return f"{client:040x}"


def coming(now: datetime) -> timedelta:
    """How many weeks after the rows' Monday the first one begins that is at least a day away."""
    return max(timedelta(0), -((rows.MONDAY - now - timedelta(days=1)) // WEEK) * WEEK)


def body_of(order: Mapping[str, Any], city: int, later: timedelta) -> Json:
    """The order as it is posted, its shifts so much later."""
    remote = bool(order["remote"])
    return {
        "title": f"O{order['id']}",
        "service_type": SERVICE,
        "city": _code(city),
        "remote": remote,
        "site": None if remote else order["client"] + 1,
        "shifts": [
            {"start_at": _text(s["start"], later), "end_at": _text(s["end"], later), "headcount": order["headcount"]}
            for s in order["shifts"]
        ],
        "skills": [{"code": _code(skill), "min_level": level} for skill, level in order["skills"]],
        "certificates": [_code(one) for one in order["certs"]],
        "languages": [{"code": _code(one), "min_level": LANGUAGE_LEVEL} for one in order["langs"]],
        "min_stars": str(order["min_stars10"] / 10) if order["min_stars10"] else None,
        "clearance": order["background"],
    }


def needs_of(order: Mapping[str, Any], client: Mapping[str, Any]) -> list[Need]:
    """The order's shifts as the engine reads them; ids as in the rows."""
    stars = order["min_stars10"]
    return [
        Need(
            shift_id=shift["id"] + 1,
            order_id=order["id"] + 1,
            client_id=client["id"] + 1,
            start=rows.moment(shift["start"]),
            end=rows.moment(shift["end"]),
            headcount=order["headcount"],
            city=_code(client["city"]),
            remote=bool(order["remote"]),
            site=None if order["remote"] else LatLng(client["lat"], client["lng"]),
            skills={_code(skill): level for skill, level in order["skills"]},
            certificates=frozenset(map(_code, order["certs"])),
            languages={_code(one): LANGUAGE_LEVEL for one in order["langs"]},
            min_stars=Decimal(stars) / 10 if stars else None,
            clearance=order["background"],
            priority=0,
            blocked=frozenset(w + 1 for w in client["blacklist"]),
            team=frozenset(w + 1 for w in client["favourites"]),
        )
        for shift in order["shifts"]
    ]


def _code(at: int) -> str:
    return rows.code_of(at)


def _text(minute: int, later: timedelta) -> str:
    return (rows.moment(minute) + later).isoformat()
