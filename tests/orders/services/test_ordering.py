"""From a form to an order, its confirmation, its cancellation and its end."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from feedback.models import Survey
from orders.models import Order, Position, Replacement
from orders.services import attendance, ordering
from orders.services.ordering import OrderSpec, ShiftSpec
from orders.states import OrderStatus, PositionStatus
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import (
    TOMORROW,
    arrive,
    booked,
    days,
    desk,
    hours,
    leave,
    minutes,
    offering,
    person,
    proposed,
    status_of,
)


def refused(agency: Agency, **fields: Any) -> str:
    """The code with which an order of these fields is refused."""
    company = agency.client()
    with pytest.raises(Invalid) as error:
        ordering.create(
            replace(agency.spec(company), **fields),
            company,
            by=agency.acting_client(company),
            now=NOW,
        )
    return error.value.code


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (TOMORROW, TOMORROW, "backwards"),
        (NOW, NOW + hours(2), "in_the_past"),
        (TOMORROW, TOMORROW + hours(12) + minutes(1), "too_long"),
        (NOW + timedelta(days=90, minutes=1), NOW + timedelta(days=90, hours=2), "too_far"),
    ],
)
def test_shifts_that_cannot_be(agency: Agency, start: datetime, end: datetime, code: str) -> None:
    assert refused(agency, shifts=[ShiftSpec(start, end, 1)]) == code


def test_an_order_needs_shifts_and_a_place_of_its_own_client(agency: Agency) -> None:
    assert refused(agency, shifts=[]) == "no_shifts"
    assert refused(agency, site=None) == "no_site"
    assert refused(agency, site=agency.client().sites.get()) == "foreign_site"


def test_one_form_is_one_order_and_nobody_elses(agency: Agency) -> None:
    company, other = agency.client(), agency.client()
    key = uuid.uuid4()
    spec: OrderSpec = replace(agency.spec(company), form_key=key)
    by = agency.acting_client(company)
    first = ordering.create(spec, company, by=by, now=NOW)
    assert ordering.create(spec, company, by=by, now=NOW) == first
    with pytest.raises(Conflict):
        ordering.create(replace(agency.spec(other), form_key=key), other, by=agency.acting_client(other), now=NOW)
    assert Order.objects.count() == 1


def test_an_order_is_submitted_once_and_not_after_its_start(agency: Agency) -> None:
    order, late = agency.draft(), agency.draft()
    by = agency.acting_client(order.client)
    for after in (0, 1):
        ordering.submit(order.pk, by=by, now=NOW + minutes(after))
    order.refresh_from_db()
    assert order.submitted_at == NOW
    assert AuditEvent.objects.filter(subject_type="order", subject_id=order.pk, action="submit").count() == 1
    with pytest.raises(Invalid):
        ordering.submit(late.pk, by=agency.acting_client(late.client), now=late.starts_at)


def test_a_cancelled_order_stays_so(agency: Agency) -> None:
    order = agency.submitted()
    by = agency.acting_client(order.client)
    with pytest.raises(Invalid):
        ordering.cancel(order.pk, by=by, now=NOW, reason=" ")
    ordering.cancel(order.pk, by=by, now=NOW, reason="改期")
    for deed in (ordering.submit, ordering.confirm):
        with pytest.raises(Conflict):
            deed(order.pk, by=desk(agency), now=NOW)


def test_a_confirmation_is_made_once(agency: Agency) -> None:
    agency.worker()
    order = proposed(agency)
    for after in (0, 5):
        ordering.confirm(order.pk, by=desk(agency), now=NOW + minutes(after))
    order.refresh_from_db()
    assert order.confirmed_at == NOW
    assert Position.objects.get().offers.count() == 1


def test_nobody_confirms_before_the_matching(agency: Agency) -> None:
    with pytest.raises(Conflict):
        ordering.confirm(agency.submitted().pk, by=desk(agency), now=NOW)


def test_a_service_that_runs_is_not_called_off(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    arrive(work)
    order = work.position.shift.order
    with pytest.raises(Conflict):
        ordering.cancel(order.pk, by=desk(agency), now=work.start_at, reason="改期")
    assert status_of(work) == "checked_in"


def test_calling_off_ends_the_search_for_a_replacement(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="家里有事")
    ordering.cancel(work.position.shift.order_id, by=desk(agency), now=NOW + hours(1), reason="改期")
    assert Replacement.objects.get().failed_at == NOW + hours(1)


@pytest.mark.parametrize("stage", ["submitted", "proposed", "offering"])
def test_an_order_nobody_serves_ends_at_its_hour_and_the_client_is_asked(agency: Agency, stage: str) -> None:
    agency.worker()
    order = {"submitted": agency.submitted, "proposed": lambda: proposed(agency), "offering": lambda: offering(agency)}[
        stage
    ]()
    if stage == "submitted":
        OutboxMessage.objects.filter(topic="order.submit").delete()
    assert not ordering.settle(order.pk, order.ends_at - timedelta(seconds=1))
    drain(order.ends_at)
    again("finish", order.ends_at + minutes(1))
    assert status_of(order) == OrderStatus.COMPLETED
    assert set(Position.objects.values_list("status", flat=True)) == {PositionStatus.LAPSED}
    assert Survey.objects.filter(order=order).count() == 1


def test_an_order_waits_for_who_is_still_at_work(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    arrive(work)
    order = work.position.shift.order
    drain(work.end_at + hours(1))
    assert status_of(order) == OrderStatus.IN_SERVICE
    leave(work, work.end_at + hours(1))
    drain(work.end_at + hours(1))
    again("settle_after_check_out", work.end_at + hours(2))
    order.refresh_from_db()
    assert (order.status, order.completed_at) == (OrderStatus.COMPLETED, work.end_at + hours(1))


def test_an_order_of_several_days_ends_with_the_last(agency: Agency) -> None:
    agency.worker()
    first, second = booked(agency, shifts=days(8, 8))
    order = first.position.shift.order
    for work in (first, second):
        assert status_of(order) != OrderStatus.COMPLETED
        arrive(work)
        leave(work)
        drain(work.end_at)
    assert status_of(order) == OrderStatus.COMPLETED


def test_a_draft_never_ends_by_itself(agency: Agency) -> None:
    order = agency.draft()
    assert not ordering.settle(order.pk, order.ends_at)
    assert status_of(order) == OrderStatus.DRAFT
