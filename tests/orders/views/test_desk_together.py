"""The desk shared by two: who has an order open, who was quicker, and giving the engine its choice back."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from orders import presence
from orders.models import Offer, Order, Position
from orders.services import ordering, proposing
from orders.states import OrderStatus
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, holder, proposed, url
from workers.models import Worker

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def frozen(redis_url) -> Iterator[None]:
    presence._client(redis_url).delete(presence.KEY)
    with time_machine.travel(NOW, tick=False):
        yield
    presence._client(redis_url).delete(presence.KEY)


@pytest.fixture
def other(agency: Agency) -> User:
    return agency.dispatcher(name="陆安然")


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def entered(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def place_of(order: Order) -> Position:
    return Position.objects.filter(shift__order=order).earliest("number")


def exchanged(place: Position, by: User) -> Worker:
    """Somebody else put on the place by hand."""
    mate = Worker.objects.exclude(pk=holder(place).pk).latest("pk")
    proposing.exchange(place.pk, mate.pk, by=actor_of(by), now=NOW, reason="客户点名")
    return mate


def text_of(answer) -> str:
    return answer.content.decode()


def test_who_looks_at_an_order_is_seen_by_the_other_in_the_queue_and_beside_it(agency, desk, other):
    order = proposed(agency)
    entered(other).get(url("desk-panel", order.pk))
    for address in (url("desk"), url("desk-order", order.pk), url("desk-panel", order.pk)):
        assert "陆安然 正在查看" in text_of(desk.get(address)), address
    assert "林调度" not in text_of(desk.get(url("desk-panel", order.pk)))


def test_who_has_the_exchange_open_is_at_work(agency, desk, other):
    order = proposed(agency)
    entered(other).get(url("desk-exchange", place_of(order).pk))
    assert "陆安然 正在操作" in text_of(desk.get(url("desk-panel", order.pk)))


def test_the_second_confirmation_is_told_who_was_first_and_sees_what_is_true_now(agency, desk, other):
    order = proposed(agency)
    entered(other).post(url("desk-confirm", order.pk))
    answer = desk.post(url("desk-confirm", order.pk), headers=PART)
    assert answer.status_code == 409
    assert "陆安然 于 09:00：确认派单" in text_of(answer)
    assert "已派单" in text_of(answer)
    assert Offer.objects.count() == 1


def test_ones_own_repeat_is_no_race(agency, desk):
    order = proposed(agency)
    for _ in range(2):
        assert desk.post(url("desk-confirm", order.pk), headers=PART).status_code == 200


def test_a_confirmation_of_people_not_seen_is_stopped_and_goes_through_after_a_look(agency, desk, other):
    order = proposed(agency)
    seen = desk.get(url("desk-panel", order.pk)).context["order"].seen
    mate = exchanged(place_of(order), other)
    answer = desk.post(url("desk-confirm", order.pk), {"seen": seen}, headers=PART)
    assert answer.status_code == 409
    assert f"陆安然 于 09:00：更换人选 · {mate.user.name}（客户点名）" in text_of(answer)
    assert desk.post(url("desk-confirm", order.pk), {"seen": answer.context["order"].seen}).status_code == 302
    assert Offer.objects.get().worker_id == mate.pk


def test_on_a_whole_page_the_quicker_one_is_told_too(agency, desk, other):
    order = proposed(agency)
    entered(other).post(url("desk-confirm", order.pk))
    here = f"http://testserver{url('desk-order', order.pk)}"
    answer = desk.post(url("desk-confirm", order.pk), headers={"referer": here}, follow=True)
    assert "陆安然 于 09:00：确认派单" in text_of(answer)


def test_an_exchange_that_comes_second_keeps_the_words_and_shows_who_is_there_now(agency, desk, other):
    order = proposed(agency, 4)
    place = place_of(order)
    seen = desk.get(url("desk-exchange", place.pk)).context["place"].seen
    mate = exchanged(place, other)
    third = Worker.objects.exclude(pk__in=[place.proposed_worker_id, mate.pk]).earliest("pk")
    sent = {"worker": third.pk, "reason": "离得更近", "seen": seen}
    answer = desk.post(url("desk-exchange", place.pk), sent)
    assert answer.status_code == 422
    assert "陆安然 于 09:00：更换人选" in text_of(answer)
    assert "离得更近" in text_of(answer)
    assert answer.context["place"].proposed_worker_id == mate.pk
    fresh = answer.context["place"].seen
    assert desk.post(url("desk-exchange", place.pk), sent | {"seen": fresh}).status_code == 302


def test_what_an_exchange_costs_is_told_before_it_is_made(agency, desk):
    order = proposed(agency, 1)
    worse = agency.worker(stars=None)
    ordering.rematch(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    proposing.propose_order(order.pk, NOW)
    place = place_of(order)
    answer = desk.get(url("desk-exchange", place.pk))
    (option,) = answer.context["people"]
    assert (option.worker, option.cost) == (worse, option.choice.score - place.score)
    assert option.cost < 0
    assert f"−{-option.cost} 分" in text_of(answer)


def test_the_way_back_from_an_exchange_leads_where_it_came_from(agency, desk):
    order = proposed(agency)
    place = place_of(order)
    mate = Worker.objects.exclude(pk=holder(place).pk).earliest("pk")
    sent = {"worker": mate.pk, "reason": "客户点名"}
    answer = desk.post(url("desk-exchange", place.pk) + "?from=desk", sent)
    assert answer.url == f"{url('desk')}?order={order.pk}"


def test_the_engines_choice_is_given_back_for_one_place(agency, desk):
    order = proposed(agency)
    place = place_of(order)
    exchanged(place, agency.dispatcher())
    shown = text_of(desk.get(url("desk-panel", order.pk)))
    assert "人工指定" in shown
    assert url("desk-restore", place.pk) in shown
    answer = desk.post(url("desk-restore", place.pk), headers=PART)
    assert answer.status_code == 200
    assert "人工指定" not in text_of(answer)
    assert {"toast", "desk-changed"} <= set(json.loads(answer.headers["HX-Trigger"]))
    assert Position.objects.get(pk=place.pk).proposed_worker_id == place.proposed_worker_id
    assert desk.post(url("desk-restore", place.pk)).url == url("desk-order", order.pk)
    assert "恢复系统推荐" in text_of(desk.get(url("desk-order", order.pk)))


def test_why_the_engines_choice_cannot_come_back_is_said(agency, desk):
    order = proposed(agency)
    place = place_of(order)
    exchanged(place, agency.dispatcher())
    Worker.objects.filter(pk=holder(place).pk).update(status=Worker.Status.SUSPENDED)
    for address in (url("desk-restore", place.pk), url("desk-restore-all", order.pk)):
        answer = desk.post(address, headers=PART)
        assert answer.status_code == 409
        assert "现在不能派" in text_of(answer)
        assert "不在可派人员名单中" in text_of(answer)


def test_the_engines_choices_are_given_back_for_the_whole_order(agency, desk):
    order = proposed(agency, 4, headcount=2)
    place = place_of(order)
    mate = Worker.objects.exclude(pk__in=Position.objects.values("proposed_worker")).earliest("pk")
    proposing.exchange(place.pk, mate.pk, by=actor_of(agency.dispatcher()), now=NOW, reason="客户点名")
    assert "恢复系统方案" in text_of(desk.get(url("desk-order", order.pk)))
    for _ in range(2):
        assert desk.post(url("desk-restore-all", order.pk)).url == url("desk-order", order.pk)
    assert Position.objects.get(pk=place.pk).proposed_worker_id == place.proposed_worker_id
    assert "恢复系统方案" not in text_of(desk.get(url("desk-order", order.pk)))


def test_an_accepted_place_cannot_be_given_back(agency, desk):
    work = booked(agency)
    answer = desk.post(url("desk-restore", work.position_id), headers=PART)
    assert answer.status_code == 409
    assert "已有人接单" in text_of(answer)


def test_many_orders_are_confirmed_at_once_each_with_its_outcome(agency, desk, other):
    one, two = proposed(agency), proposed(agency)
    entered(other).post(url("desk-confirm", two.pk))
    draft = agency.draft()
    sent = {"order": [one.pk, two.pk, draft.pk, "x"]}
    answer = desk.post(url("desk-confirm-many"), sent, headers=PART)
    found = {row.order.pk: row.why for row in answer.context["results"]}
    assert found == {one.pk: "", two.pk: "陆安然 于 09:00：确认派单。"}
    assert "desk-changed" in answer.headers["HX-Trigger"]
    one.refresh_from_db()
    assert one.status == OrderStatus.OFFERING
    whole = desk.post(url("desk-confirm-many"), {"order": [one.pk]})
    assert (whole.status_code, [row.why for row in whole.context["results"]]) == (200, [""])
    assert "没有选择订单" in text_of(desk.post(url("desk-confirm-many")))


def test_opening_an_order_puts_it_into_the_address(agency, desk):
    order = proposed(agency)
    here = f"http://testserver{url('desk')}?state=all&page=1&order=3"
    answer = desk.get(url("desk-panel", order.pk) + "?open", headers=PART | {"HX-Current-URL": here})
    assert answer.headers["HX-Push-Url"] == f"{url('desk')}?state=all&page=1&order={order.pk}"
    assert "HX-Push-Url" not in desk.get(url("desk-panel", order.pk), headers=PART)


def test_two_people_are_compared(agency, desk):
    agency.worker(stars=None)
    order = proposed(agency, 2)
    place = place_of(order)
    unrated = Worker.objects.get(stars=None)
    answer = desk.get(url("desk-compare", place.pk), {"a": place.proposed_worker_id, "b": unrated.pk})
    told = answer.context["told"]
    assert [side.present for side in told.sides] == [True, False]
    assert told.difference == sum(row.difference for row in told.rows) > 0
    assert f"高 {told.difference} 分" in text_of(answer)
    assert [side.past.client for side in told.sides] == [0, 0]


def test_whoever_the_ranking_does_not_list_is_compared_as_things_are_now(agency, desk):
    order = proposed(agency, 2)
    place = place_of(order)
    low = agency.worker(skills={agency.skill: 1})
    answer = desk.get(url("desk-compare", place.pk), {"a": place.proposed_worker_id, "b": low.pk})
    first, second = answer.context["told"].sides
    assert second.reasons == ["技能「在线客服 1 级」，要求「2 级」"]
    assert second.score is None
    assert "不符合条件" in text_of(answer)
    assert (first.present, list(first.reasons)) == (True, [])
    assert first.score == sum(points for points, _most, _words in first.parts.values())


def test_an_exception_is_compared_with_what_stands_against_it(agency, desk):
    order = proposed(agency, 2)
    place, (without, low) = place_of(order), (agency.worker(skills={}), agency.worker(skills={agency.skill: 1}))
    place.proposed_worker = without
    place.save()
    answer = desk.get(url("desk-compare", place.pk), {"a": without.pk, "b": low.pk})
    first, _second = answer.context["told"].sides
    assert (first.present, list(first.reasons)) == (True, ["没有技能「在线客服」，要求「2 级」"])
    assert "满足全部" not in text_of(answer)


def test_whoever_is_booked_is_compared_by_their_points(agency, desk):
    work = booked(agency, 2)
    low = agency.worker(skills={agency.skill: 1})
    answer = desk.get(url("desk-compare", work.position_id), {"a": work.worker_id, "b": low.pk})
    first, _second = answer.context["told"].sides
    assert (first.present, list(first.reasons)) == (True, [])
    assert first.score is not None


def test_what_the_two_did_before_is_counted(agency, desk):
    work = booked(agency, 2, start=NOW - timedelta(days=-1))
    order = agency.submitted(work.position.shift.order.client, start=NOW + timedelta(days=2))
    proposing.propose_order(order.pk, NOW)
    place = place_of(order)
    pair = {"a": work.worker_id, "b": Worker.objects.exclude(pk=work.worker_id).earliest("pk").pk}
    sides = {side.worker.pk: side.past for side in desk.get(url("desk-compare", place.pk), pair).context["told"].sides}
    assert sides[work.worker_id].week == timedelta(hours=8)
    assert sides[pair["b"]].week == timedelta(0)


@pytest.mark.parametrize("pair", [{"a": "x"}, {"a": "999999", "b": "1"}, {"a": "5", "b": "5"}, {}])
def test_a_comparison_of_nobody_is_no_error(agency, desk, pair):
    order = proposed(agency, 0)
    assert "请选择两个不同的人" in text_of(desk.get(url("desk-compare", place_of(order).pk), pair))
