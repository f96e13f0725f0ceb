"""Who is asked how often: a contact not twice within days, a long order every week; nothing lost, nothing twice."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from feedback.models import HeldSurvey, LoopPolicy, Survey, SurveyChannel
from feedback.services import survey_weeks, surveys
from feedback.survey_periods import midnight, over_at, weeks
from orders.models import Assignment, Order, Position
from orders.services.ordering import ShiftSpec
from orders.states import OrderStatus
from staffing.core import webhooks
from staffing.core.models import Notification, OutboxMessage, User
from tests.feedback.stories import ENDED, GOOD, scene, serve
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def over(agency: Agency, company: Any) -> Order:
    """One more order of the client that is over."""
    order = agency.submitted(company)
    serve(order, agency.worker())
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.COMPLETED)
    return order


def test_what_comes_too_soon_is_held_and_asked_once_by_the_newest(agency: Agency) -> None:
    first = scene(agency)
    second, third = over(agency, first.company), over(agency, first.company)
    assert surveys.send(second.pk, ENDED + DAY) is None
    assert surveys.send(third.pk, ENDED + 2 * DAY) is None
    assert surveys.send(third.pk, ENDED + 3 * DAY) is None
    free = ENDED + 7 * DAY
    drain(free - timedelta(seconds=1))
    assert Survey.objects.count() == 1
    drain(free)
    drain(free + DAY)
    newest = Survey.objects.exclude(pk=first.survey.pk).get()
    assert (newest.order, newest.sent_at) == (third, free)
    assert set(newest.held.values_list("order", flat=True)) == {second.pk, third.pk}


def test_what_was_held_goes_along_with_the_next_that_is_sent_anyway(agency: Agency) -> None:
    first = scene(agency)
    held, fourth = over(agency, first.company), over(agency, first.company)
    surveys.send(held.pk, ENDED + DAY)
    sent = surveys.send(fourth.pk, ENDED + 7 * DAY)
    assert sent is not None
    assert HeldSurvey.objects.get().asked_with == sent
    drain(ENDED + 8 * DAY)
    assert Survey.objects.count() == 2


def test_contacts_are_left_alone_each_by_themselves(agency: Agency) -> None:
    first = scene(agency)
    colleague = agency.user("client")
    first.company.members.create(user=colleague)
    order = over(agency, first.company)
    Order.objects.filter(pk=order.pk).update(created_by=colleague)
    sent = surveys.send(order.pk, ENDED + DAY)
    assert sent is not None
    assert (first.survey.contact, sent.contact) == (first.member, colleague)


def test_whoever_left_is_asked_no_more(agency: Agency) -> None:
    told = scene(agency)
    User.objects.filter(pk=told.member.pk).update(is_active=False)
    assert surveys.contact_of(told.order) is None


def test_without_a_gap_everything_is_asked_at_once(agency: Agency) -> None:
    LoopPolicy(survey_gap_days=0).save()
    first = scene(agency)
    assert surveys.send(over(agency, first.company).pk, ENDED) is not None
    assert not HeldSurvey.objects.exists()


@pytest.fixture
def long_order(agency: Agency) -> Order:
    """Twenty days, a shift a day, by one person; it runs."""
    start = NOW + DAY
    shifts = [ShiftSpec(start + DAY * n, start + DAY * n + 8 * HOUR, 1) for n in range(20)]
    order = agency.submitted(agency.client(), shifts=shifts)
    worker = agency.worker()
    for _ in range(20):
        serve(order, worker)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.IN_SERVICE)
    order.refresh_from_db()
    return order


def test_a_long_order_is_asked_about_every_week(long_order: Order) -> None:
    first, second, last = weeks(long_order.starts_at, long_order.ends_at)
    survey_weeks.plan(long_order.pk, long_order.starts_at)
    survey_weeks.plan(long_order.pk, long_order.starts_at + HOUR)
    drain(over_at(first) - timedelta(seconds=1))
    assert not Survey.objects.exists()
    drain(over_at(first))
    drain(over_at(second))
    Order.objects.filter(pk=long_order.pk).update(status=OrderStatus.COMPLETED)
    survey_weeks.ask_at_end(long_order.pk, long_order.ends_at)
    drain(long_order.ends_at + 20 * DAY)
    found = [one.period for one in [*Survey.objects.all(), *_still_held()] if one.period]
    assert sorted(found) == [first, second, last]


def _still_held() -> list[HeldSurvey]:
    asked = Survey.objects.values_list("order", "period_start")
    return [one for one in HeldSurvey.objects.all() if (one.order_id, one.period_start) not in set(asked)]


def test_only_whoever_came_in_the_week_is_asked_about_each_once(long_order: Order, agency: Agency) -> None:
    first, second, _last = weeks(long_order.starts_at, long_order.ends_at)
    place = Position.objects.filter(shift__order=long_order).latest("shift__start_at")
    latecomer = agency.worker()
    Assignment.objects.filter(position=place).update(worker=latecomer)
    [work] = surveys.served(long_order, first)
    assert midnight(first[1]) <= work.start_at < over_at(first)
    assert latecomer.pk not in {work.worker_id for work in surveys.served(long_order, second)}
    assert len(surveys.served(long_order)) == 2


def test_a_week_without_shifts_is_passed_over(long_order: Order) -> None:
    first, second, _last = weeks(long_order.starts_at, long_order.ends_at)
    long_order.shifts.filter(start_at__gte=midnight(first[0]), start_at__lt=over_at(first)).update(
        start_at=midnight(second[0]) + HOUR, end_at=midnight(second[0]) + 9 * HOUR
    )
    assert survey_weeks.ask_about_week(long_order.pk, first[0].isoformat(), over_at(first)) is None
    drain(over_at(second))
    assert [one.period for one in Survey.objects.all()] == [second]


def test_an_order_that_is_not_running_is_not_asked_about(long_order: Order) -> None:
    first = weeks(long_order.starts_at, long_order.ends_at)[0]
    Order.objects.filter(pk=long_order.pk).update(status=OrderStatus.CANCELLED)
    assert survey_weeks.ask_about_week(long_order.pk, first[0].isoformat(), over_at(first)) is None


def test_a_short_order_is_asked_about_whole(agency: Agency) -> None:
    told = scene(agency)
    assert told.survey.period is None
    survey_weeks.plan(told.order.pk, ENDED)
    assert not OutboxMessage.objects.filter(topic="survey.week").exists()


def letters_of(agency: Agency, **fields: Any) -> tuple[Survey, datetime]:
    told = scene(agency, company=agency.client(**fields))
    drain(ENDED)
    return told.survey, ENDED


def test_the_contact_gets_a_letter_with_the_link_and_nothing_else_keeps_it(agency: Agency) -> None:
    company = agency.client()
    User.objects.filter(membership__client=company).update(email="contact@example.test")
    told = scene(agency, company=company)
    drain(ENDED)
    [letter] = mail.outbox
    token = re.search(r"/s/(\S+)/", str(letter.body))
    assert token is not None and surveys.survey_of(token[1], ENDED) == told.survey
    assert letter.to == ["contact@example.test"]
    notice = Notification.objects.get(kind="survey.sent")
    assert notice.url == f"/client/surveys/{told.survey.pk}/"
    rows = json.dumps([*OutboxMessage.objects.values_list("payload", flat=True), notice.data])
    assert told.survey.nonce not in rows and token[1] not in rows and "/s/" not in rows


def test_without_an_address_of_the_contact_the_company_is_written_to(agency: Agency) -> None:
    letters_of(agency, contact_email="office@example.test")
    assert [letter.to for letter in mail.outbox] == [["office@example.test"]]


def test_without_any_address_nobody_is_written_to(agency: Agency) -> None:
    letters_of(agency)
    assert mail.outbox == []


def test_the_clients_machines_are_called_with_the_link(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, str, Any]] = []
    monkeypatch.setattr(webhooks, "post", lambda url, secret, body: called.append((url, secret, json.loads(body))))
    company = agency.client()
    SurveyChannel.objects.create(client=company, url="https://client.example/in", secret="abc")
    told = scene(agency, company=company)
    drain(ENDED)
    [(url, secret, body)] = called
    assert (url, secret, body["order"]) == ("https://client.example/in", "abc", told.order.number)
    assert surveys.survey_of(body["url"].split("/s/")[1].strip("/"), ENDED) == told.survey


def test_a_reminder_reaches_who_has_not_answered_once_and_by_every_way(agency: Agency) -> None:
    company = agency.client(contact_email="office@example.test")
    told = scene(agency, company=company)
    drain(ENDED + timedelta(hours=48))
    drain(ENDED + timedelta(hours=96))
    assert len(mail.outbox) == 2
    told.survey.refresh_from_db()
    assert told.survey.reminded_at == ENDED + timedelta(hours=48)


def test_no_letter_leaves_for_what_was_answered_meanwhile(agency: Agency) -> None:
    company = agency.client(contact_email="office@example.test")
    told = scene(agency, company=company)
    surveys.answer(told.survey.pk, GOOD, ENDED)
    drain(ENDED + 3 * DAY)
    assert mail.outbox == []
    assert not Notification.objects.filter(kind__startswith="survey.").exists()
