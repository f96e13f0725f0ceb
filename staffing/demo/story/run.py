"""The story from beginning to end."""

from datetime import date

from django.utils import timezone

from orders.models import Order
from staffing.core import clock
from staffing.demo.story import line, repair
from staffing.demo.story.browser import promise
from staffing.demo.story.stage import Say, Stage

FIGURES = ("response", "fill", "no_show", "satisfaction", "compliance", "confirmed")


def run(address: str, say: Say) -> dict[str, str]:
    """Play it against a running product at `address`; returns the final figures. Raises `BrokenPromise`."""
    stage = Stage(address, say)
    try:
        return _play(stage)
    finally:
        stage.close()


def _play(stage: Stage) -> dict[str, str]:
    stage.tell("a client, a dispatcher, a manager and fourteen workers log in")
    first = timezone.localdate(clock.now())
    line.post_order(stage)
    line.match_and_confirm(stage)
    line.answer_offers(stage)
    line.serve(stage)
    line.leave_and_approve(stage)
    repair.answer_survey(stage)
    repair.repair(stage, hours=1)
    repair.not_solved(stage)
    repair.repair(stage, hours=1)
    repair.confirm(stage)
    _show(stage, first)
    found = repair.figures(stage)
    promise(
        found["arrivals"] == "10 of 10" and found["no-shows"] == "1" and found["rounds"] == "2", "the figures agree"
    )
    return found


def _show(stage: Stage, first: date) -> None:
    today = timezone.localdate(clock.now())
    for figure in FIGURES:
        promise(repair.counted(stage, figure, first, today), f"the dashboard's figure {figure!r} counts the order")
    order = Order.objects.get(pk=stage.order_id)
    stage.tell(f"the manager's dashboard counts {order.number}")
