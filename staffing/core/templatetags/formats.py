"""Dates, spans, durations and numbers as people here read them, in the active language.

Pure text: nothing here reads the clock. Datetimes must be aware and are shown in the current time zone.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language

from staffing.core.money import Amount, cny

NOTHING = "—"
ZH_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")  # i18n: data
EN_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ZH_UNITS = ("小时", "分", "秒")  # i18n: data
EN_UNITS = ("h", "min", "s")


def in_chinese() -> bool:
    """Whether the active language is Chinese; without an active language the source language counts."""
    return (get_language() or "zh-hans").startswith("zh")


def local_date(value: date | datetime) -> date:
    """The calendar day in the current time zone."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def day_text(value: date | datetime | None, *, year: bool = False) -> str:
    """11月25日 周三, or Wed 25 Nov; with the year when asked."""
    if value is None:
        return NOTHING
    day = local_date(value)
    if in_chinese():
        prefix = f"{day.year}年" if year else ""  # i18n: data
        return f"{prefix}{day.month}月{day.day}日 {ZH_WEEKDAYS[day.weekday()]}"  # i18n: data
    suffix = f" {day.year}" if year else ""
    return f"{EN_WEEKDAYS[day.weekday()]} {day.day} {EN_MONTHS[day.month - 1]}{suffix}"


def clock_text(value: datetime | None) -> str:
    """22:05, 24-hour clock."""
    return NOTHING if value is None else timezone.localtime(value).strftime("%H:%M")


def moment_text(value: datetime | None) -> str:
    """11月25日 周三 22:05."""
    return NOTHING if value is None else f"{day_text(value)} {clock_text(value)}"


def span_text(start: datetime, end: datetime) -> str:
    """`[start, end)` in one line: 11月25日 周三 22:00–次日 06:00; an end at midnight is 24:00 of the first day."""
    return f"{moment_text(start)}–{_end_text(start, end)}"


def _end_text(start: datetime, end: datetime) -> str:
    days = (local_date(end) - local_date(start)).days
    clock = clock_text(end)
    if days == 0:
        return clock
    if days == 1:
        if clock == "00:00":
            return "24:00"
        return f"次日 {clock}" if in_chinese() else f"{clock} (+1)"  # i18n: data
    return moment_text(end)


def duration_text(value: timedelta | None) -> str:
    """8 小时 20 分, 8 分 20 秒, 45 秒 or 不到 1 秒. Hours do not roll into days: deadlines are counted in hours."""
    if value is None:
        return NOTHING
    if timedelta(0) < value < timedelta(seconds=1):
        return "不到 1 秒" if in_chinese() else "under 1 s"  # i18n: data
    total = int(abs(value.total_seconds()))
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    amounts = (hours, minutes, 0) if hours else (0, minutes, seconds)
    units = ZH_UNITS if in_chinese() else EN_UNITS
    words = [f"{amount} {unit}" for amount, unit in zip(amounts, units, strict=True) if amount]
    sign = "-" if value < timedelta(0) and words else ""
    return sign + (" ".join(words) or f"0 {units[1]}")


def money_text(value: Amount | None) -> str:
    """¥1,234.50; CNY rounded to the fen, half away from zero."""
    if value is None:
        return NOTHING
    amount = cny(value)
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


def percent_text(value: Decimal | float | None, places: int = 1) -> str:
    """A share from 0 to 1 as a percentage: 0.964 is 96.4%; trailing zeros are dropped."""
    if value is None:
        return NOTHING
    share = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{share:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
