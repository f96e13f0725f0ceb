"""An old order as the start of a new form."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Value

from orders import kept
from orders.forms.order import Place
from orders.forms.shelf import Shelf
from orders.forms.shifts import row_of
from orders.models import Order, OrderTemplate
from orders.services.ordering import ShiftSpec
from staffing.core.bulk import together

WEEK = timedelta(weeks=1)
YEAR_OF_WEEKS = 52


def initial_of(order: Order) -> dict[str, Any]:
    """The fields of the order (one query); the form gets a key of its own."""
    skills, languages, certificates, courses = together(
        (order.skills.all(), ("skill", "min_level")),
        (order.languages.all(), ("language", "min_level")),
        (order.certificates.all(), ("type", Value(0))),
        (order.courses.all(), ("course", Value(0))),
    )
    return {
        "form_key": uuid.uuid4(),
        "title": order.title,
        "service_type": order.service_type,
        "place": Place.REMOTE if order.remote else Place.OWN,
        "site": order.site_id,
        "city": order.city_id,
        "min_stars": order.min_stars,
        "clearance": order.clearance,
        "certificates": [pk for pk, _ in certificates],
        "courses": [pk for pk, _ in courses],
        "notes": order.notes,
        "readiness": order.readiness,
        "package": order.package,
        "special_pool": order.special_pool_id,
        **{f"skill_{pk}": level for pk, level in skills},
        **{f"language_{pk}": level for pk, level in languages},
    }


def key_of(text: str | None) -> uuid.UUID | None:
    """A form's key; None for anything else."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def from_template(template: OrderTemplate, shelf: Shelf, now: datetime) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The fields of a template and its shifts, on the next same weekday."""
    initial = {name: value for name, value in template.values.items() if name != "weekday"}
    if initial.get("site") not in shelf.sites and initial["place"] == Place.OWN:
        initial["site"] = None
    first = kept.next_first_day(template, now)
    return initial | {"form_key": uuid.uuid4()}, same_rows(kept.shifts_on(template.shifts, first))


def same_rows(shifts: Sequence[ShiftSpec]) -> list[dict[str, Any]]:
    """The shifts at their own dates."""
    return [row_of(shift) for shift in shifts]


def later_rows(shifts: Sequence[ShiftSpec], taken: Collection[datetime], now: datetime) -> list[dict[str, Any]]:
    """The shifts on the next same weekdays that lie ahead and on which none of them begins at a `taken` moment."""
    move = weeks_ahead([shift.start for shift in shifts], taken, now)
    return [row_of(ShiftSpec(shift.start + move, shift.end + move, shift.headcount)) for shift in shifts]


def weeks_ahead(starts: Sequence[datetime], taken: Collection[datetime], now: datetime) -> timedelta:
    """The fewest whole weeks (at least one) that bring every start past `now` and off the taken ones."""
    first = max(1, (now - min(starts)) // WEEK + 1)
    free = (n for n in range(first, first + YEAR_OF_WEEKS) if not {start + n * WEEK for start in starts} & {*taken})
    return next(free, first) * WEEK
