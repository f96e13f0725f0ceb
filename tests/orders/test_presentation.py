"""States, cost and progress in words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import TextChoices
from django.utils import translation

from orders.models import Order
from orders.presentation import PILLS, cost_words, need_facts, progress, state_pill
from orders.states import OrderStatus
from staffing.core.templatetags.ui import KINDS
from tests.fixtures.agency import NOW
from workers.pay.rates import Kind

STATES = [state for table in PILLS for state in table]


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{type(state).__name__}.{state.name}")
def test_every_state_has_a_look_and_words(state: TextChoices) -> None:
    kind, words = state_pill(state)
    assert kind in KINDS
    assert words == str(state.label)


def test_equal_texts_of_different_enums_keep_their_own_look() -> None:
    looks = {type(state): state_pill(state)[0] for state in STATES if state.value == "proposed"}
    assert len(looks) == 2
    assert len(set(looks.values())) == 2


def test_uplift_is_named_only_where_there_is_one() -> None:
    with translation.override("zh-hans"):
        assert cost_words(Kind.DAY, Decimal(0)) == "日间"
        assert cost_words(Kind.NIGHT, Decimal(10)) == "夜间（+10%）"


def test_needs_not_asked_for_are_left_out() -> None:
    with translation.override("zh-hans"):
        assert need_facts([], [], [], None, 0) == []
        assert need_facts([("在线客服", "2 级"), ("普通话", "二级乙等")], [], [], Decimal("4.5"), 0) == [
            ("技能", "在线客服 2 级及以上、普通话 二级乙等及以上"),
            ("最低星级", "4.5"),
        ]


def states_of(order: Order, started: bool = False) -> list[str]:
    return [step["state"] for step in progress(order, NOW if started else None)]


def test_progress_line_follows_the_order() -> None:
    order = Order(status=OrderStatus.DRAFT)
    assert states_of(order) == ["current", "todo", "todo", "todo", "todo", "todo"]
    order.status, order.submitted_at, order.proposed_at = OrderStatus.PROPOSED, NOW, NOW + timedelta(seconds=9)
    assert states_of(order) == ["done", "done", "current", "todo", "todo", "todo"]
    order.status, order.confirmed_at = OrderStatus.IN_SERVICE, NOW
    assert states_of(order, started=True) == ["done", "done", "done", "todo", "current", "todo"]
    order.status, order.completed_at = OrderStatus.COMPLETED, NOW
    assert states_of(order, started=True) == ["done", "done", "done", "failed", "done", "done"]


def test_what_is_waited_for_is_not_said_as_if_it_were_so() -> None:
    times = {"submitted_at": NOW, "proposed_at": NOW, "confirmed_at": NOW, "filled_at": NOW}
    order = Order(status=OrderStatus.FILLED, starts_at=NOW, ends_at=NOW + timedelta(hours=8), **times)
    with translation.override("zh-hans"):
        *_before, begun, over = progress(order, None)
        assert (begun["label"], begun["state"]) == ("待开始", "current")
        assert begun["time"].startswith("计划 ") and over["time"].startswith("计划 ")
        order.status = OrderStatus.IN_SERVICE
        assert progress(order, NOW)[4]["label"] == "服务中"
        order.status = OrderStatus.CANCELLED
        assert [step["time"] for step in progress(order, None)[4:]] == ["", ""]


def test_cancelled_order_fails_at_the_point_it_had_not_reached() -> None:
    order = Order(status=OrderStatus.CANCELLED, submitted_at=NOW)
    assert states_of(order) == ["done", "failed", "todo", "todo", "todo", "todo"]
