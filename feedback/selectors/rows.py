"""The rows behind a figure, as lines of a list."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from feedback.selectors.sources import SOURCES, Rows, Window

CITY, SERVICE, CLIENT = "city", "service", "client"
# What a line shows beside its order: relations to load with the rows.
RELATED: Mapping[str, tuple[str, ...]] = {
    "response": ("client", "city"),
    "response_share": ("client", "city"),
    "fill": ("shift__order__client", "shift__order__city"),
    "fill_orders": ("client", "city"),
    "no_show": ("worker__user", "position__shift__order__client", "position__shift__order__city"),
    "answered": ("order__client", "order__city"),
    "compliance": ("case__order__client", "case__order__city"),
    "confirmed": ("order__client", "order__city"),
}
REVIEW_RELATED = ("order__client", "order__city")
ORDER_OF: Mapping[str, Callable[[Any], Any]] = {
    "response": lambda row: row,
    "response_share": lambda row: row,
    "fill_orders": lambda row: row,
    "fill": lambda row: row.shift.order,
    "no_show": lambda row: row.position.shift.order,
    "compliance": lambda row: row.case.order,
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a figure's rows: one city, service type, client; with `miss` those that count against a share."""

    city: int | None = None
    service: str = ""
    client: int | None = None
    miss: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its order; `value` is what enters the figure."""

    row: Any
    order: Any
    at: Any
    value: float


def rows(kpi: str, window: Window, cut: Cut) -> Rows:
    """Exactly the rows that the figure counts, newest first. `KeyError` for an unknown figure."""
    found = SOURCES[kpi](window).select_related(*RELATED.get(kpi, REVIEW_RELATED))
    chosen = {"fact_city": cut.city, "fact_service": cut.service, "fact_client": cut.client}
    found = found.filter(**{name: value for name, value in chosen.items() if value})
    return found.filter(fact_value=float(cut.miss)) if cut.miss else found


def lines(kpi: str, found: Any) -> Iterator[Line]:
    """Each row with its order."""
    order_of = ORDER_OF.get(kpi, lambda row: row.order)
    for row in found:
        yield Line(row, order_of(row), row.fact_at, row.fact_value)
