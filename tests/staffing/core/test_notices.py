"""Telling people: inbox, e-mail and robots; once each, in their language, and not when it is no longer true."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils.functional import lazy
from django.utils.translation import get_language

from orders.models import Order
from orders.services import ordering
from orders.states import OrderStatus
from staffing.core import channels, notices, outbox
from staffing.core.models import Notification, OutboxMessage, User, WebhookRobot
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain

KIND = "order.filled"
DATA = {"number": "D000001", "title": "大促在线客服", "client": "云栖商贸"}


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What robots were given: name and title."""
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(channels, "post", lambda robot, text: seen.append((robot.name, text.title)))
    return seen


@pytest.fixture
def order(agency: Agency) -> Order:
    """Something to speak of; its own messages are out of the way."""
    made = agency.submitted()
    OutboxMessage.objects.all().delete()
    return made


def tell(order: Order, *users: User, key: str = "1", **fields: Any) -> None:
    notices.tell(users, KIND, order, now=NOW, key=key, data=DATA, url="/x/", **fields)


def tell_agency(order: Order, key: str = "1", **fields: Any) -> None:
    notices.tell_agency(KIND, order, now=NOW, key=key, data=DATA, url="/x/", **fields)


def robot(name: str, **fields: Any) -> WebhookRobot:
    return WebhookRobot.objects.create(name=name, kind=WebhookRobot.Kind.CONSOLE, **fields)


def test_one_fact_is_told_once(agency: Agency, order: Order) -> None:
    user = agency.dispatcher(email="a@agency.example")
    tell(order, user)
    tell(order, user)
    drain(NOW)
    again("deliver_email", NOW)
    assert Notification.objects.count() == len(mail.outbox) == 1
    tell(order, user, key="2")
    drain(NOW)
    assert Notification.objects.count() == len(mail.outbox) == 2


def test_a_mail_speaks_the_readers_language_and_links_to_the_page(
    agency: Agency, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [agency.dispatcher(email="a@agency.example"), agency.dispatcher(email="b@agency.example", language="en")]
    spoken = notices.Notice(lazy(get_language, str)(), "%(title)s")
    monkeypatch.setitem(notices._notices, KIND, spoken)
    tell(order, *people)
    drain(NOW)
    assert {message.to[0]: message.subject for message in mail.outbox} == {
        "a@agency.example": "zh-hans",
        "b@agency.example": "en",
    }
    assert all(message.body.endswith("/x/") for message in mail.outbox)


def test_who_has_no_address_has_an_inbox(agency: Agency, order: Order) -> None:
    tell(order, agency.dispatcher())
    assert Notification.objects.count() == 1
    assert not OutboxMessage.objects.exists()


def test_who_has_left_gets_no_mail(agency: Agency, order: Order) -> None:
    user = agency.dispatcher(email="a@agency.example")
    tell(order, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    drain(NOW)
    assert not mail.outbox


def test_a_mail_is_dropped_when_it_is_no_longer_true(agency: Agency, order: Order) -> None:
    tell(order, agency.dispatcher(email="a@agency.example"), while_state=OrderStatus.SUBMITTED)
    ordering.cancel(order.pk, by=agency.acting_client(order.client), now=NOW, reason="改期")
    drain(NOW)
    assert not [message for message in mail.outbox if "已满员" in message.subject]
    assert Notification.objects.get(kind=KIND).dropped_at == NOW


def test_what_is_no_longer_true_is_not_said_at_all(agency: Agency, order: Order, posted: list[Any]) -> None:
    robot("群")
    tell(order, agency.dispatcher(), while_state=OrderStatus.FILLED)
    tell_agency(order, while_state=OrderStatus.FILLED)
    assert not Notification.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_robots_are_told_once_each_if_they_want_the_kind(agency: Agency, order: Order, posted: list[Any]) -> None:
    robot("全部")
    robot("想听", kinds=[KIND])
    robot("别的", kinds=["case.opened"])
    robot("停用", is_active=False)
    tell_agency(order)
    tell_agency(order)
    drain(NOW)
    # A repeat of the fan-out at another instant is still the same fact.
    again("fan_out_to_robots", NOW + timedelta(minutes=6))
    drain(NOW + timedelta(minutes=6))
    assert sorted(posted) == [("全部", "订单 D000001 已满员"), ("想听", "订单 D000001 已满员")]


def test_two_facts_of_one_subject_at_one_instant_are_both_posted(
    agency: Agency, order: Order, posted: list[Any]
) -> None:
    robot("群")
    tell_agency(order, key="first")
    tell_agency(order, key="second")
    drain(NOW)
    assert len(posted) == 2


def test_a_robot_keeps_silent_about_what_has_passed(agency: Agency, order: Order, posted: list[Any]) -> None:
    robot("群")
    tell_agency(order, while_state=OrderStatus.SUBMITTED)
    Order.objects.update(status=OrderStatus.CANCELLED)
    drain(NOW)
    assert not posted


def test_one_robot_that_is_down_holds_no_other(agency: Agency, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def post(to: WebhookRobot, text: channels.Text) -> None:
        if to.name == "坏":
            raise channels.RobotRefused("310000")
        seen.append(to.name)

    monkeypatch.setattr(channels, "post", post)
    robot("坏")
    robot("好")
    tell_agency(order)
    for _ in range(3):
        outbox.sweep("notify", NOW)
    assert seen == ["好"]
    assert OutboxMessage.objects.get(done_at__isnull=True).attempts == 1


def test_only_active_people_of_the_roles_are_told(agency: Agency, order: Order) -> None:
    wanted = agency.dispatcher()
    agency.dispatcher(is_active=False)
    agency.manager()
    tell_agency(order)
    assert [row.user for row in Notification.objects.all()] == [wanted]


def test_a_kind_without_words_is_a_mistake(agency: Agency, order: Order) -> None:
    with pytest.raises(KeyError, match="no words"):
        notices.tell([], "no.such", order, now=NOW, key="1")


def test_a_letter_says_more_than_the_inbox() -> None:
    notices.register("test.long", "标题", "正文", details=lambda data: f"第一行 {data['n']}")
    try:
        said = notices.words("test.long", {"n": 3}, "/x/")
    finally:
        notices._notices.pop("test.long")
    assert (said.title, said.body, said.details) == ("标题", "正文", "第一行 3")
    assert "正文\n\n第一行 3\n" in said.plain()
    assert said.plain().endswith("/x/")
