"""The dashboard's period: whole days of the agency's calendar, and the equally long one before."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """The first instant of a day in the current time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; as instants `[start, end)`."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The first instant."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return midnight(self.last + DAY)

    @property
    def before(self) -> "Period":
        """As many days, directly before."""
        return Period(self.first - self.days * DAY, self.first - DAY)


def last_days(days: int, now: datetime) -> Period:
    """The last `days` days, today included."""
    today = timezone.localtime(now).date()
    return Period(today - (days - 1) * DAY, today)
