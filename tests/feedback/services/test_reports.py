"""The day to clients and managers, the week to managers: at their hour, once, also after an outage."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from feedback.models import DailyReport, LoopPolicy, ReportChoice, WeeklyReport
from feedback.presentation import reports as words
from feedback.presentation.kpis import KPIS
from feedback.selectors import daily
from feedback.selectors.figures import Cell, Figures
from feedback.selectors.period import Period
from feedback.services import reports
from orders.models import Assignment
from orders.services import attendance
from staffing.core.actors import actor_of
from staffing.core.models import Notification, Role, User
from tests.fixtures.agency import Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import AT_SITE, booked, person

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SERVED = date(2026, 11, 24)
# 08:00 in Shanghai on the day after the service.
MORNING = datetime.fromisoformat("2026-11-25T08:00+08:00")


def day_of_work(agency: Agency, late: int = 0) -> Assignment:
    """One shift of eight hours on the 24th."""
    agency.worker()
    (work,) = booked(agency)
    attendance.check_in(work.pk, by=person(work), now=work.start_at + timedelta(minutes=late), fix=AT_SITE)
    attendance.check_out(work.pk, by=person(work), now=work.end_at, fix=AT_SITE)
    return work


def client_of(work: Assignment) -> Any:
    return (
        Assignment.objects.select_related("position__shift__order__client").get(pk=work.pk).position.shift.order.client
    )


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.none() | st.integers(-3, 400), st.integers(1, 30))
def test_no_missing_day_is_told_twice_or_too_late(today: date, ago: int | None, back: int) -> None:
    last = None if ago is None else today - ago * DAY
    found = reports.missing_days(last, today, back)
    assert found == sorted(set(found))
    assert len(found) <= (1 if last is None else back)
    assert all(day < today and (last is None or day > last) for day in found)
    if last is None or last < today - DAY:
        assert found[-1] == today - DAY


def test_a_day_in_figures(agency: Agency) -> None:
    day_of_work(agency, late=10)
    agency.worker()
    (gone,) = booked(agency, headcount=1)
    attendance.declare_absent(gone.pk, by=actor_of(User.objects.get(role=Role.DISPATCHER)), now=gone.start_at + HOUR)
    found = daily.of_day(SERVED)
    assert len(found) == 2
    first, second = sorted(found.values(), key=lambda figures: -figures["arrived"])
    assert (first["wanted"], first["promised"], first["arrived"], first["late"]) == (1, 1, 1, 1)
    assert first["minutes"] == 470
    assert (second["wanted"], second["promised"], second["arrived"], second["absent"]) == (1, 1, 0, 1)
    assert daily.of_day(SERVED + DAY) == {}


def test_the_number_of_queries_does_not_hang_on_the_clients(agency: Agency, django_assert_num_queries: Any) -> None:
    day_of_work(agency)
    with django_assert_num_queries(5):
        daily.of_day(SERVED)
    day_of_work(agency)
    with django_assert_num_queries(5):
        assert len(daily.of_day(SERVED)) == 2


def test_yesterday_is_told_in_the_morning_once(agency: Agency) -> None:
    manager, work = agency.manager(email="m@agency.example"), day_of_work(agency)
    member = agency.member(client_of(work))
    assert reports.make_daily(MORNING - timedelta(minutes=1)) == []
    assert {row.client_id for row in reports.make_daily(MORNING)} == {None, client_of(work).pk}
    assert reports.make_daily(MORNING + HOUR) == []
    drain(MORNING)
    again("send_daily", MORNING)
    told = Notification.objects.filter(kind="report.daily")
    assert sorted(told.values_list("user", flat=True)) == sorted([manager.pk, member.pk])
    (letter,) = mail.outbox
    assert "实际到岗 1" in letter.body
    assert "服务时长 8 小时" in letter.body
    assert "逾期回访 0" in letter.body


def test_who_does_not_want_it_is_not_told_and_others_are(agency: Agency) -> None:
    work = day_of_work(agency)
    member = agency.member(client_of(work))
    agency.manager()
    reports.choose(member, {"daily": False, "weekly": True})
    reports.make_daily(MORNING)
    drain(MORNING)
    assert not Notification.objects.filter(kind="report.daily", user=member).exists()
    assert Notification.objects.filter(kind="report.daily").count() == 1
    assert DailyReport.objects.filter(client=client_of(work)).exists()
    reports.choose(member, {"daily": True, "weekly": True})
    assert ReportChoice.objects.get(user=member).daily


def test_days_missed_in_an_outage_are_made_and_told_together(agency: Agency) -> None:
    work = day_of_work(agency)
    agency.manager()
    reports.make_daily(MORNING - DAY)
    drain(MORNING - DAY)
    back = MORNING + 3 * DAY
    reports.make_daily(back)
    reports.make_daily(back + HOUR)
    drain(back)
    days = DailyReport.objects.filter(client=None).values_list("day", flat=True)
    assert sorted(days) == [SERVED + n * DAY for n in range(-1, 4)]
    told = Notification.objects.get(kind="report.daily_late")
    assert (told.data["first"], told.data["day"], told.data["n"]) == ("2026-11-24", "2026-11-27", 4)
    assert told.data["arrived"] == 1
    # The client had one day of service: one report, told as one day, though late.
    assert DailyReport.objects.get(client=client_of(work)).day == SERVED
    assert Notification.objects.filter(kind="report.daily", data__day="2026-11-24").count() == 1


def test_a_long_outage_is_not_made_up_for_without_end(agency: Agency) -> None:
    agency.manager()
    reports.make_daily(MORNING)
    reports.make_daily(MORNING + 40 * DAY)
    assert DailyReport.objects.count() == 1 + LoopPolicy.current().report_back_days


def cells(**given: tuple[Cell, Cell]) -> Figures:
    week = Period(date(2026, 11, 16), date(2026, 11, 22))
    found = {(key, now, "total", None): pair[not now] for key, pair in given.items() for now in (True, False)}
    return Figures(week, found)  # type: ignore[arg-type]


def test_the_week_names_what_changed_most_with_both_numbers() -> None:
    figures = cells(
        fill=(Cell(400, 0.80, 0.8, 1, 0.40), Cell(400, 0.95, 1, 1, 0.22)),
        response=(Cell(50, 30.0, 20.0, 60, 10.0), Cell(50, 25.0, 18.0, 50, 10.0)),
        satisfaction=(Cell(9, 1.0, 1, 1, 0.1), Cell(9, 5.0, 5, 5, 0.1)),
        no_show=(Cell(400, 0.05, 0, 0, 0.22), Cell(400, 0.05, 0, 0, 0.22)),
    )
    found = reports.changes(figures, sample=10)
    assert [one["key"] for one in found] == ["fill", "response"]
    assert found[1] == {"key": "response", "now": 20.0, "before": 18.0, "n": 50, "n_before": 50}


def test_the_week_is_told_to_managers_with_its_rows(agency: Agency) -> None:
    agency.manager(email="m@agency.example")
    monday = datetime.fromisoformat("2026-11-23T08:00+08:00")
    assert reports.make_weekly(monday - HOUR) is None
    made = reports.make_weekly(monday)
    assert made is not None
    assert made.monday == date(2026, 11, 16)
    WeeklyReport.objects.update(changes=[{"key": "fill", "now": 0.8, "before": 0.95, "n": 40, "n_before": 44}])
    assert reports.make_weekly(monday + HOUR) is None
    drain(monday)
    (letter,) = mail.outbox
    assert f"1. {KPIS['fill'].label}：95% → 80%，-15.0 个百分点，样本 44 → 40" in letter.body
    assert "/dashboard/rows/?kpi=fill&from=2026-11-16&to=2026-11-22" in letter.body
    (line,) = words.weekly_lines(WeeklyReport.objects.get())
    assert (line["kind"], line["n"]) == ("danger", 40)


def test_of_weeks_missed_only_the_last_is_told(agency: Agency) -> None:
    monday = datetime.fromisoformat("2026-11-23T08:00+08:00")
    reports.make_weekly(monday)
    made = reports.make_weekly(monday + 23 * DAY - 5 * HOUR)
    assert made is not None
    assert made.monday == date(2026, 12, 7)
    assert WeeklyReport.objects.count() == 2


def test_several_days_are_summed_but_what_is_open_is_that_of_the_last() -> None:
    several = daily.over([{"wanted": 1, "open_cases": 3}, {"wanted": 2, "open_cases": 1}])
    assert (several["wanted"], several["open_cases"]) == (3, 1)
