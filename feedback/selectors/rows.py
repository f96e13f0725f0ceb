"""The rows behind a figure, as lines of a list."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from feedback.selectors.sources import SCALE, SOURCES, Rows, Window

ORDER = ("client", "city")
OF_PLACE = ("shift__order__client", "shift__order__city")
OF_ORDER = ("order__client", "order__city")
OF_ROUND = ("case__client", "case__complaint", "case__order__client", "case__order__city")
OF_RATING = ("assignment__worker__user", "review__order__client", "review__order__city")
# What a line shows beside its order: relations to load with the rows.
RELATED: Mapping[str, tuple[str, ...]] = {
    "response": ORDER,
    "response_share": ORDER,
    "fill": OF_PLACE,
    "arrived": OF_PLACE,
    "fill_orders": ORDER,
    "no_show": ("worker__user", "position__shift__order__client", "position__shift__order__city"),
    "rating": OF_RATING,
    "rating_novice": OF_RATING,
    "rating_experienced": OF_RATING,
    "compliance": OF_ROUND,
    "confirmed": ("client", "complaint", *OF_ORDER),
    "reopened": OF_ROUND,
    "repeat": ORDER,
    "renewal": ORDER,
}
_itself: Callable[[Any], Any] = lambda row: row  # noqa: E731
_of_shift: Callable[[Any], Any] = lambda row: row.shift.order  # noqa: E731
_of_case: Callable[[Any], Any] = lambda row: row.case.order  # noqa: E731
_of_review: Callable[[Any], Any] = lambda row: row.review.order  # noqa: E731
ORDER_OF: Mapping[str, Callable[[Any], Any]] = {
    "response": _itself,
    "response_share": _itself,
    "fill_orders": _itself,
    "repeat": _itself,
    "renewal": _itself,
    "fill": _of_shift,
    "arrived": _of_shift,
    "no_show": lambda row: row.position.shift.order,
    "rating": _of_review,
    "rating_novice": _of_review,
    "rating_experienced": _of_review,
    "compliance": _of_case,
    "reopened": _of_case,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its order, None for a case about none; `value` is what enters the figure."""

    row: Any
    order: Any
    at: Any
    value: float

    @property
    def client(self) -> Any:
        """The order's client, or the case's."""
        return self.order.client if self.order else getattr(self.row, "case", self.row).client


def rows(kpi: str, window: Window) -> Rows:
    """Exactly the rows that the figure counts, newest first. `KeyError` for an unknown figure."""
    found = SOURCES[kpi](window).select_related(*RELATED.get(kpi, OF_ORDER))
    return found.filter(fact_value=int(window.cut.miss)) if window.cut.miss else found


def lines(kpi: str, found: Any) -> Iterator[Line]:
    """Each row with its order, its value in the figure's unit."""
    order_of, scale = ORDER_OF.get(kpi, lambda row: row.order), SCALE.get(kpi, 1)
    for row in found:
        yield Line(row, order_of(row), row.fact_at, row.fact_value / scale)
