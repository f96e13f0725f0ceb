"""What an address of the dashboard asks for: period, part, and the names of all parts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict

from feedback.forms_dashboard import SPLITS, DashboardForm
from feedback.models import LoopPolicy
from feedback.selectors.cuts import Cut
from feedback.selectors.figures import By
from feedback.selectors.names import Known, known
from feedback.selectors.period import Period, last_days
from feedback.selectors.sources import Days, Window
from orders.models import OrderPolicy

PRESETS = (7, 30, 60, 90)
USUAL = 30


@dataclass(frozen=True)
class Choice:
    """A period and a part, seen at `now`; the numbers in force are read when they are asked for."""

    form: DashboardForm
    period: Period
    cut: Cut
    known: Known
    now: datetime

    @cached_property
    def policy(self) -> OrderPolicy:
        """The numbers about orders."""
        return OrderPolicy.current()

    @cached_property
    def loop(self) -> LoopPolicy:
        """The numbers about the loop."""
        return LoopPolicy.current()

    @property
    def days(self) -> Days:
        """The period and the part alone."""
        return Days(self.period.start, self.period.end, self.now, self.cut)

    @property
    def window(self) -> Window:
        """The period alone, as the sources want it."""
        return Window(self.period.start, self.period.end, self.now, self.cut, self.policy, self.loop)

    @property
    def named(self) -> list[str]:
        """What the part is called."""
        members: dict[By, Any] = {name: getattr(self.cut, name) for name in SPLITS}  # type: ignore[misc]
        return [self.known.of(by, member) for by, member in members.items() if member]

    @property
    def presets(self) -> list[dict[str, Any]]:
        """The usual periods."""
        return [{"days": days, "active": self.period == last_days(days, self.now)} for days in PRESETS]


def chosen(query: QueryDict, now: datetime) -> Choice:
    """What was asked for; the usual period if none was, or if it makes no sense (the form says so). One query."""
    called, miss = known(), query.get("miss", "")
    period = _preset(query, now)
    data = {name: query.get(name, "") for name in SPLITS}
    given = {name: query.get(name, "") for name in ("from", "to")} if "from" in query or "to" in query else {}
    form = DashboardForm(data | ({"from": period.first, "to": period.last} | given), known=called)
    if not {"from", "to"} & set(form.errors):
        period = Period(form.cleaned_data["from"], form.cleaned_data["to"])
    cut = form.cut(miss if miss in ("0", "1") else "")
    return Choice(form, period, cut, called, now)


def _preset(query: QueryDict, now: datetime) -> Period:
    days = query.get("days", "")
    return last_days(int(days) if days in map(str, PRESETS) else USUAL, now)
