"""One place of a shift as the week board shows it: a chip."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from orders.models import Assignment, Order, Position, Shift
from orders.selectors.desk.proposal import LIVE
from orders.services.assigning import seen_of
from orders.states import AssignmentStatus, PositionStatus
from staffing.core.templatetags.formats import clock_text, day_text, span_text

OF_PLACE: Final[Mapping[str, str]] = {
    PositionStatus.OPEN: "open",
    PositionStatus.PROPOSED: "proposed",
    PositionStatus.OFFERED: "offered",
    PositionStatus.LAPSED: "lapsed",
}
OF_WORK: Final[Mapping[str, str]] = {
    AssignmentStatus.CHECKED_IN: "here",
    AssignmentStatus.COMPLETED: "done",
    AssignmentStatus.NO_SHOW: "missed",
}
# Words and icon of each kind; the look of a kind (stripes, outline, solid) is in week.css.
KINDS: Final[Mapping[str, tuple[Any, str]]] = {
    "open": (gettext_lazy("空缺"), "user-question"),
    "proposed": (gettext_lazy("已推荐，未发布"), "edit"),
    "offered": (gettext_lazy("已派单，待答复"), "clock"),
    "booked": (pgettext_lazy("worker", "已接单"), ""),
    "sure": (gettext_lazy("已确认到岗"), "user-check"),
    "coming": (gettext_lazy("在路上"), "route"),
    "here": (gettext_lazy("已到岗"), "check"),
    "done": (pgettext_lazy("shift", "已完成"), "checks"),
    "missed": (gettext_lazy("未到岗"), "alert-triangle"),
    "lapsed": (gettext_lazy("未补上"), "x"),
}
SAID_YES: Final = ("booked", "sure", "coming", "here", "done")
LEGEND: Final = ("proposed", "offered", "booked", "sure", "coming", "here", "done", "missed", "open")


@dataclass(frozen=True, slots=True)
class Chip:
    """A place in column `day` (0 = Monday). `movable`: may be given to somebody else; `held`: whoever has it has said
    yes and would be released. `count` places of the shift stand behind an open chip; `seen` says what was shown."""

    place_id: int
    shift_id: int
    order: Order
    start: datetime
    end: datetime
    day: int
    kind: str
    seen: str
    worker_id: int | None = None
    who: str = ""
    movable: bool = False
    held: bool = False
    count: int = 1
    earlier: bool = False

    @property
    def mark(self) -> tuple[object, ...]:
        """What changes how it looks, or what can be done with it."""
        shown = (self.place_id, self.kind, self.seen, self.who, self.movable, self.count)
        return (*shown, self.start, self.end, self.order.title)

    @property
    def span(self) -> str:
        """22:00–次日 06:00; a shift of the day before the week's first says so."""
        if self.earlier:
            return _("前日 %(start)s–%(end)s") % {"start": clock_text(self.start), "end": clock_text(self.end)}
        return span_text(self.start, self.end).removeprefix(f"{day_text(self.start)} ")

    @property
    def words(self) -> str:
        """The state in words."""
        return str(KINDS[self.kind][0])

    @property
    def icon(self) -> str:
        """The state's icon, or nothing."""
        return KINDS[self.kind][1]


def legend() -> list[tuple[str, str, str]]:
    """Kind, words, icon of what the board shows."""
    return [(kind, str(KINDS[kind][0]), KINDS[kind][1]) for kind in LEGEND]


def of_place(place: Position, day: int, now: datetime, *, count: int = 1, who: str = "") -> Chip:
    """A place without a booking."""
    return Chip(
        **_of_shift(place.shift, day),
        place_id=place.pk,
        kind=OF_PLACE[place.status],
        seen=seen_of(place.status, place.proposed_worker_id),
        worker_id=place.proposed_worker_id,
        who=who,
        movable=place.status != PositionStatus.LAPSED and _alive(place.shift, now),
        count=count,
    )


def of_work(work: Assignment, day: int, now: datetime, *, who: str = "") -> Chip:
    """A booking; who has not come yet may still be exchanged."""
    shift = work.position.shift
    waiting = work.status == AssignmentStatus.BOOKED
    return Chip(
        **_of_shift(shift, day),
        place_id=work.position_id,
        kind=_kind(work),
        seen=seen_of(PositionStatus.FILLED, work.worker_id),
        worker_id=work.worker_id,
        who=who,
        movable=waiting and _alive(shift, now),
        held=waiting,
    )


def _kind(work: Assignment) -> str:
    """What a booking is, with what was said before the shift."""
    if work.status != AssignmentStatus.BOOKED:
        return OF_WORK[work.status]
    return "coming" if work.departed_at else "sure" if work.confirmed_at else "booked"


def _alive(shift: Shift, now: datetime) -> bool:
    return shift.order.status in LIVE and now < shift.end_at


def _of_shift(shift: Shift, day: int) -> dict[str, Any]:
    earlier = day == 0 and timezone.localtime(shift.start_at).weekday() != 0
    times = {"start": shift.start_at, "end": shift.end_at, "day": day, "earlier": earlier}
    return {"shift_id": shift.pk, "order": shift.order, **times}


def mark_of(*shown: object) -> str:
    """A few letters that change with what is shown: a board that has them asks again only for rows that differ."""
    return f"{zlib.crc32(repr(shown).encode()):x}"
