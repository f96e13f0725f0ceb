"""Templates and orders that repeat themselves: once a week, after outages too, with every refusal told."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from orders import kept
from orders.models import Client, ClientMember, Order, OrderPolicy, OrderTemplate, RecurringOrder
from orders.services import planning
from orders.services.ordering import ShiftSpec
from orders.services.planning import Rhythm
from orders.states import OrderStatus
from staffing.core import outbox
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, Notification, OutboxMessage
from tests.fixtures.agency import NOW, Agency

# NOW is Monday 2026-11-23 09:00
NEXT = date(2026, 12, 7)
WEEK = timedelta(weeks=1)


@pytest.fixture
def company(agency: Agency) -> Client:
    return agency.client()


def local(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def kept_template(agency: Agency, company: Client, name: str = "夜班", **fields: Any) -> OrderTemplate:
    night = local(date(2026, 11, 24), 22)
    early = local(date(2026, 11, 26), 9)
    shifts = [ShiftSpec(night, night + timedelta(hours=8), 2), ShiftSpec(early, early + timedelta(hours=4), 1)]
    spec = agency.spec(company, **({"shifts": shifts} | fields))
    return planning.save_template(company, name, spec, by=agency.acting_client(company), now=NOW)


def repeated(agency: Agency, company: Client, **fields: Any) -> RecurringOrder:
    rhythm: dict[str, Any] = {"weekdays": [0], "first_week": NEXT, "last_week": None, "days_ahead": 7} | fields
    template = kept_template(agency, company)
    return planning.repeat(template, Rhythm(**rhythm), by=agency.acting_client(company), now=NOW)


def sweep(now: datetime) -> None:
    """Only what the timers do: matching is not what is asked here."""
    while outbox.sweep("timers", now):
        pass
    assert not list(OutboxMessage.objects.exclude(last_error="").values_list("subscriber", "last_error"))


def weeks() -> list[date | None]:
    return list(Order.objects.order_by("recurring_week").values_list("recurring_week", flat=True))


@pytest.mark.django_db
def test_a_template_keeps_everything_but_the_dates(agency: Agency, company: Client) -> None:
    template = kept_template(agency, company, notes="带工牌", clearance=1)
    assert template.shifts == [
        {"day": 0, "start": "22:00", "end": "06:00", "headcount": 2},
        {"day": 2, "start": "09:00", "end": "13:00", "headcount": 1},
    ]
    first = kept.next_first_day(template, NOW)
    assert first == date(2026, 11, 24)
    spec = kept.spec_of(template, company, kept.shifts_on(template.shifts, first), uuid.uuid4())
    assert (spec.clearance, spec.city, spec.languages) == (1, agency.city, {})
    assert (spec.skills, spec.site, spec.notes) == ({agency.skill.pk: 2}, company.sites.get(), "带工牌")
    assert spec.shifts[0].start == local(first, 22)
    assert spec.shifts[0].end - spec.shifts[0].start == timedelta(hours=8)


@pytest.mark.django_db
def test_names_are_one_a_company_and_never_empty(agency: Agency, company: Client) -> None:
    first = kept_template(agency, company)
    for name, code in (("夜班", "name_taken"), ("  ", "no_name")):
        with pytest.raises(Invalid) as refusal:
            kept_template(agency, company, name)
        assert refusal.value.code == code
    second, by = kept_template(agency, company, "早班"), agency.acting_client(company)
    with pytest.raises(Invalid):
        planning.rename_template(second.pk, "夜班", by=by, now=NOW)
    assert planning.rename_template(first.pk, "夜班", by=by, now=NOW).name == "夜班"
    assert planning.rename_template(first.pk, "深夜", by=by, now=NOW).name == "深夜"
    kept_template(agency, agency.client())


@pytest.mark.django_db
def test_what_still_repeats_is_not_deleted(agency: Agency, company: Client) -> None:
    row, by = repeated(agency, company), agency.acting_client(company)
    with pytest.raises(Conflict):
        planning.delete_template(row.template_id, by=by, now=NOW)
    planning.stop(row.pk, by=by, now=NOW)
    planning.stop(row.pk, by=by, now=NOW)
    planning.delete_template(row.template_id, by=by, now=NOW)
    assert not OrderTemplate.objects.exists()
    assert AuditEvent.objects.filter(subject_type="recurringorder", action="stop").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"weekdays": []}, "no_weekday"),
        ({"weekdays": [7]}, "no_weekday"),
        ({"days_ahead": 0}, "days_ahead"),
        ({"days_ahead": 84}, "days_ahead"),
        ({"first_week": date(2026, 11, 22)}, "first_week"),
        ({"last_week": date(2026, 12, 6)}, "last_week"),
    ],
)
def test_a_rhythm_must_make_sense(agency: Agency, company: Client, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        repeated(agency, company, **fields)
    assert refusal.value.code == code
    assert not RecurringOrder.objects.exists()


@pytest.mark.django_db
def test_the_hour_and_the_furthest_day_are_policy(agency: Agency, company: Client) -> None:
    OrderPolicy(recurring_hour=10, max_days_ahead=14).save()
    template = kept_template(agency, company)
    rhythm: dict[str, Any] = {"weekdays": [0], "first_week": NEXT, "last_week": None}
    with pytest.raises(Invalid):
        planning.repeat(template, Rhythm(**rhythm, days_ahead=8), by=agency.acting_client(company), now=NOW)
    planning.repeat(template, Rhythm(**rhythm, days_ahead=7), by=agency.acting_client(company), now=NOW)
    sweep(local(NEXT - WEEK, 9))
    assert not Order.objects.exists()
    sweep(local(NEXT - WEEK, 10))
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_each_week_is_ordered_on_its_day_until_the_last(agency: Agency, company: Client) -> None:
    row = repeated(agency, company, weekdays=[0, 2], last_week=NEXT + WEEK + timedelta(days=3))
    sweep(local(NEXT - WEEK, 7))
    assert not Order.objects.exists()
    sweep(local(NEXT - WEEK, 8))
    order = Order.objects.get()
    assert (order.recurring, order.recurring_week, order.status) == (row, NEXT, OrderStatus.SUBMITTED)
    starts = [timezone.localtime(shift.start_at) for shift in order.shifts.all()]
    assert [(start.day, start.hour) for start in starts] == [(7, 22), (9, 9), (9, 22), (11, 9)]
    sweep(local(NEXT, 8))
    sweep(local(NEXT + WEEK, 8))
    sweep(local(NEXT + 5 * WEEK, 8))
    assert weeks() == [NEXT, NEXT + WEEK]


@pytest.mark.django_db
def test_the_same_week_twice_is_one_order(agency: Agency, company: Client) -> None:
    row = repeated(agency, company)
    assert planning.order_week(row.pk, NEXT, NOW) is not None
    assert planning.order_week(row.pk, NEXT, NOW) is None
    assert weeks() == [NEXT]


@pytest.mark.race
def test_twins_of_a_week_write_one_order(committed_agency: Agency) -> None:
    company = committed_agency.client()
    row, barrier = repeated(committed_agency, company), Barrier(4)

    def write(_number: int) -> None:
        barrier.wait()
        try:
            planning.order_week(row.pk, NEXT, NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    assert weeks() == [NEXT]


@pytest.mark.django_db
def test_after_an_outage_passed_weeks_are_skipped_and_told(agency: Agency, company: Client) -> None:
    repeated(agency, company)
    # The third week's Monday night has begun, its Wednesday lies ahead.
    sweep(local(NEXT + 2 * WEEK, 23))
    assert weeks() == [NEXT + 2 * WEEK, NEXT + 3 * WEEK]
    cut = Order.objects.get(recurring_week=NEXT + 2 * WEEK)
    assert [timezone.localtime(shift.start_at).hour for shift in cut.shifts.all()] == [9]
    kinds = sorted(Notification.objects.filter(kind__startswith="recurring").values_list("kind", flat=True))
    assert kinds == ["recurring.cut", "recurring.refused", "recurring.refused"]
    assert RecurringOrder.objects.get().problem == ""


@pytest.mark.django_db
def test_a_refusal_is_kept_and_told_and_the_next_week_is_tried(agency: Agency, company: Client) -> None:
    row = repeated(agency, company)
    site = company.sites.get()
    OrderTemplate.objects.update(values=row.template.values | {"site": site.pk + 999})
    sweep(local(NEXT - WEEK, 8))
    row.refresh_from_db()
    assert (weeks(), "服务地点" in row.problem) == ([], True)
    told = Notification.objects.get(kind="recurring.refused")
    assert (told.user, told.data["week"]) == (agency.member(company), "2026-12-07")
    OrderTemplate.objects.update(values=row.template.values | {"site": site.pk})
    sweep(local(NEXT, 8))
    row.refresh_from_db()
    assert (weeks(), row.problem) == ([NEXT + WEEK], "")


@pytest.mark.django_db
def test_whoever_may_not_order_any_more_orders_nothing(agency: Agency, company: Client) -> None:
    row = repeated(agency, company)
    ClientMember.objects.filter(client=company).update(may_order=False)
    written = planning.order_week(row.pk, NEXT, NOW)
    assert written is not None
    assert "没有下单权限" in written.problem
    assert weeks() == []


@pytest.mark.django_db
def test_what_was_stopped_orders_nothing(agency: Agency, company: Client) -> None:
    row = repeated(agency, company)
    planning.stop(row.pk, by=agency.acting_client(company), now=NOW)
    sweep(local(NEXT + 2 * WEEK, 8))
    assert weeks() == []
