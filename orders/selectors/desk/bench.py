"""The bench of a day, city by city and hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch
from django.utils import timezone

from orders.models import BenchPlace, BenchShift
from orders.states import BenchStatus

# What still says something: no and silence are counted, not named.
NAMED = (BenchStatus.INVITED, BenchStatus.STANDING_BY, BenchStatus.CALLED, BenchStatus.RELEASED, BenchStatus.FINISHED)


@dataclass(frozen=True, slots=True)
class Row:
    """Some hours in a city: who was wanted, and who there is. `refused`: how many said no or nothing."""

    shift: BenchShift
    places: Sequence[BenchPlace]
    refused: int

    def _count(self, *states: str) -> int:
        return sum(place.status in states for place in self.places)

    @property
    def standing(self) -> int:
        """Who stands by."""
        return self._count(BenchStatus.STANDING_BY, BenchStatus.FINISHED)

    @property
    def invited(self) -> int:
        """Who has not answered yet."""
        return self._count(BenchStatus.INVITED)

    @property
    def called(self) -> int:
        """Who was called."""
        return self._count(BenchStatus.CALLED)

    @property
    def short(self) -> bool:
        """Whether fewer stand by, or did, than were wanted."""
        return self.standing + self.called < self.shift.wanted


def day_asked(text: str, now: datetime) -> date:
    """The day of a query string; today if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate(now)


def rows(day: date) -> list[Row]:
    """All of a day, by city and hour (two queries)."""
    start = timezone.make_aware(datetime.combine(day, time()))
    people = BenchPlace.objects.select_related("worker__user").order_by("id")
    shifts = BenchShift.objects.filter(start_at__gte=start, start_at__lt=start + timedelta(days=1))
    found = (
        shifts.select_related("city").order_by("city__code", "start_at").prefetch_related(Prefetch("places", people))
    )
    return [_row(shift) for shift in found]


def _row(shift: BenchShift) -> Row:
    places = list(shift.places.all())
    named = [place for place in places if place.status in NAMED]
    return Row(shift, named, len(places) - len(named))
