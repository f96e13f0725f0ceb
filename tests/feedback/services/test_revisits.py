"""Call-backs: planned by the client's value, logged once, planned again."""

import uuid
from datetime import date, datetime, timedelta

import pytest

from feedback.models import Complaint, LoopPolicy, ReviewCase, Revisit, RevisitCall
from feedback.selectors import revisits as reads
from feedback.services import revisits
from feedback.services.complaints import Words
from feedback.services.revisits import Said
from feedback.states import RevisitStatus
from orders.models import Client, Order
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
Outcome = RevisitCall.Outcome


@pytest.fixture
def desk(agency: Agency) -> Actor:
    return actor_of(agency.dispatcher())


def planned(agency: Agency, *, value: int = 0, due_on: date = TODAY) -> Revisit:
    return Revisit.objects.create(client=agency.client(value=value), due_on=due_on, planned_at=NOW)


def said(outcome: str, **more: object) -> Said:
    return Said(outcome, uuid.uuid4(), **more)  # type: ignore[arg-type]


def test_each_client_is_called_so_many_days_after_the_last_order_by_their_value(agency: Agency) -> None:
    clients = [agency.client(value=value) for value in Client.Value.values]
    for client in clients:
        agency.submitted(client)
    agency.client(value=2)  # never ordered
    assert revisits.plan(NOW) == 3
    due = dict(Revisit.objects.values_list("client", "due_on"))
    days = LoopPolicy.current().revisit_days
    assert due == {client.pk: TODAY + timedelta(days=days[client.value]) for client in clients}
    assert revisits.plan(NOW + DAY) == 0


def test_the_latest_of_order_service_and_call_counts_in_the_house_s_days(agency: Agency, desk: Actor) -> None:
    order = agency.submitted(agency.client(value=2))
    # 23:30 of the 29th in Shanghai is still the 29th, though UTC says 15:30.
    Order.objects.update(status="completed", completed_at=datetime.fromisoformat("2026-11-29T23:30+08:00"))
    revisits.plan(NOW)
    row = Revisit.objects.get()
    assert row.due_on == date(2026, 11, 29) + timedelta(days=14)
    revisits.log_call(row.pk, said(Outcome.SATISFIED), by=desk, now=NOW + 30 * DAY)
    following = Revisit.objects.get(status=RevisitStatus.PLANNED)
    assert (following.client, following.due_on) == (order.client, TODAY + 44 * DAY)


def test_a_day_once_planned_stays_although_more_is_ordered(agency: Agency) -> None:
    client = agency.client(value=2)
    agency.submitted(client)
    revisits.plan(NOW)
    agency.submitted(client, now=NOW + 5 * DAY, start=NOW + 9 * DAY)
    revisits.plan(NOW + 6 * DAY)
    assert Revisit.objects.get().due_on == TODAY + 14 * DAY


def test_nobody_is_called_whose_value_says_so_or_who_has_left(agency: Agency) -> None:
    LoopPolicy(revisit_normal_days=0).save()
    agency.submitted(agency.client(value=0))
    gone = agency.client(value=1)
    agency.submitted(gone)
    assert revisits.plan(NOW) == 1
    Client.objects.filter(pk=gone.pk).update(is_active=False)
    assert revisits.plan(NOW + DAY) == 0
    row = Revisit.objects.get()
    assert (row.status, row.closed_at) == (RevisitStatus.DROPPED, NOW + DAY)


def test_not_reached_is_tried_again(agency: Agency, desk: Actor) -> None:
    row = planned(agency)
    revisits.log_call(row.pk, said(Outcome.NOT_REACHED), by=desk, now=NOW)
    row.refresh_from_db()
    assert (row.status, row.tries, row.due_on) == (RevisitStatus.PLANNED, 1, TODAY + 2 * DAY)
    revisits.log_call(row.pk, said(Outcome.NOT_REACHED, next_on=TODAY + 5 * DAY), by=desk, now=NOW)
    row.refresh_from_db()
    assert (row.tries, row.due_on) == (2, TODAY + 5 * DAY)
    assert AuditEvent.objects.filter(subject_type="revisit", action="not_reached").count() == 2


def test_an_issue_may_become_a_complaint_with_its_case(agency: Agency, desk: Actor) -> None:
    row = planned(agency, value=1)
    issue = said(Outcome.ISSUE, note="夜班总是迟到", complaint=Words("attendance", 2, "夜班总是迟到"))
    revisits.log_call(row.pk, issue, by=desk, now=NOW)
    revisits.log_call(row.pk, issue, by=desk, now=NOW)
    complaint = Complaint.objects.get()
    assert (complaint.client, complaint.text, complaint.severity) == (row.client, "夜班总是迟到", 2)
    assert ReviewCase.objects.get().complaint == complaint
    assert RevisitCall.objects.count() == 1
    drain(NOW)


def test_managers_hear_of_who_wants_an_offer(agency: Agency, desk: Actor) -> None:
    manager = agency.manager()
    row = planned(agency)
    revisits.log_call(row.pk, said(Outcome.WANTS_OFFER, note="下月加 20 人"), by=desk, now=NOW)
    revisits.log_call(planned(agency).pk, said(Outcome.SATISFIED), by=desk, now=NOW)
    drain(NOW)
    told = Notification.objects.get(kind="revisit.wants_offer")
    assert (told.user, told.data["note"]) == (manager, "下月加 20 人")


def test_the_next_day_may_be_chosen(agency: Agency, desk: Actor) -> None:
    row = planned(agency)
    revisits.log_call(row.pk, said(Outcome.SATISFIED, next_on=TODAY + 3 * DAY), by=desk, now=NOW)
    assert Revisit.objects.get(status=RevisitStatus.PLANNED).due_on == TODAY + 3 * DAY


@pytest.mark.parametrize(
    "wrong",
    [said("other"), said(Outcome.ISSUE, note=" "), said(Outcome.WANTS_OFFER), said("satisfied", next_on=TODAY)],
)
def test_what_makes_no_sense_is_refused(agency: Agency, desk: Actor, wrong: Said) -> None:
    row = planned(agency)
    with pytest.raises(Invalid):
        revisits.log_call(row.pk, wrong, by=desk, now=NOW)
    assert not RevisitCall.objects.exists()


def test_two_people_do_not_log_the_same_call_back(agency: Agency, desk: Actor) -> None:
    row = planned(agency)
    revisits.log_call(row.pk, said(Outcome.SATISFIED), by=desk, now=NOW)
    with pytest.raises(Conflict):
        revisits.log_call(row.pk, said(Outcome.SATISFIED), by=desk, now=NOW)


def test_the_overdue_come_first(agency: Agency) -> None:
    rows = [planned(agency, due_on=TODAY + n * DAY) for n in (3, -2, 0, -5)]
    assert list(reads.listed("planned")) == [rows[3], rows[1], rows[2], rows[0]]
    assert list(reads.overdue(TODAY)) == [rows[3], rows[1]]
    assert reads.counts(TODAY) == {"planned": 4, "done": 0, "overdue": 2}
