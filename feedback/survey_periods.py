"""Which days a survey asks about: a long order is asked about week by week. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workers.pay.minutes import SHANGHAI

Period = tuple[date, date]
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def is_long(start: datetime, end: datetime, days: int) -> bool:
    """Whether an order of `[start, end)` lasts longer than so many days."""
    return end - start > timedelta(days=days)


def weeks(start: datetime, end: datetime) -> list[Period]:
    """The days of `[start, end)` by sevens, first and last included; the last ones may be fewer. Never empty."""
    first, last = local_day(start), local_day(end - timedelta(microseconds=1))
    begins = [first + WEEK * n for n in range((last - first) // WEEK + 1)]
    return [(begin, min(begin + WEEK - DAY, last)) for begin in begins]


def local_day(moment: datetime, zone: ZoneInfo = SHANGHAI) -> date:
    """The calendar day of a moment."""
    return moment.astimezone(zone).date()


def over_at(period: Period, zone: ZoneInfo = SHANGHAI) -> datetime:
    """The midnight at which the last day of a period ends."""
    return midnight(period[1] + DAY, zone)


def midnight(day: date, zone: ZoneInfo = SHANGHAI) -> datetime:
    """The moment at which a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)
