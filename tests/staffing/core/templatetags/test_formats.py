"""Texts of dates, spans, durations and amounts in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from staffing.core.templatetags import formats

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.mark.parametrize(("name", "expected"), [("zh-hans", "11月25日 周三"), ("en", "Wed 25 Nov")])
def test_a_day_is_named_in_the_active_language(name, expected):
    with translation.override(name):
        assert formats.day_text(date(2026, 11, 25)) == expected


def test_without_an_active_language_the_source_language_counts():
    with translation.override(None):
        assert formats.day_text(date(2026, 11, 25), year=True) == "2026年11月25日 周三"


def test_the_day_of_a_moment_is_the_one_in_shanghai():
    evening_in_utc = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
    with translation.override("en"):
        assert formats.moment_text(evening_in_utc) == "Wed 25 Nov 01:05"


SPANS = [
    (at(25, 17, 30), at(25, 22, 30), "11月25日 周三 17:30–22:30", "Wed 25 Nov 17:30–22:30"),
    (at(25, 22), at(26, 6), "11月25日 周三 22:00–次日 06:00", "Wed 25 Nov 22:00–06:00 (+1)"),
    (at(25, 16), at(26, 0), "11月25日 周三 16:00–24:00", "Wed 25 Nov 16:00–24:00"),
    (at(25, 22), at(27, 6), "11月25日 周三 22:00–11月27日 周五 06:00", "Wed 25 Nov 22:00–Fri 27 Nov 06:00"),
]


@pytest.mark.parametrize(("start", "end", "chinese", "english"), SPANS)
def test_a_span_says_when_it_ends_on_another_day(language, start, end, chinese, english):
    assert formats.span_text(start, end) == (chinese if language == "zh-hans" else english)


DURATIONS = [
    (timedelta(hours=8, minutes=20), "8 小时 20 分", "8 h 20 min"),
    (timedelta(minutes=8, seconds=20), "8 分 20 秒", "8 min 20 s"),
    (timedelta(seconds=45), "45 秒", "45 s"),
    (timedelta(days=2), "48 小时", "48 h"),
    (timedelta(hours=8, seconds=59), "8 小时", "8 h"),
    (timedelta(milliseconds=230), "不到 1 秒", "under 1 s"),
    (timedelta(0), "0 分", "0 min"),
    (-timedelta(minutes=90), "-1 小时 30 分", "-1 h 30 min"),
]


@pytest.mark.parametrize(("value", "chinese", "english"), DURATIONS)
def test_a_duration_keeps_its_two_largest_units(language, value, chinese, english):
    assert formats.duration_text(value) == (chinese if language == "zh-hans" else english)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(Decimal("1234.5"), "¥1,234.50"), (0, "¥0.00"), (Decimal("-0.005"), "-¥0.01"), ("12345678.905", "¥12,345,678.91")],
)
def test_money_is_rounded_to_the_fen(amount, text):
    assert formats.money_text(amount) == text


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [(0.964, 1, "96.4%"), (Decimal("0.8"), 1, "80%"), (1, 1, "100%"), (0, 1, "0%"), (0.00125, 2, "0.13%")],
)
def test_a_share_is_shown_as_a_percentage(share, places, text):
    assert formats.percent_text(share, places) == text


@pytest.mark.parametrize(
    "write",
    [formats.day_text, formats.clock_text, formats.moment_text, formats.duration_text, formats.money_text,
     formats.percent_text],
)  # fmt: skip
def test_nothing_is_a_dash(write):
    assert write(None) == "—"
