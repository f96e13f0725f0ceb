"""First half: posted, matched, offered, served, approved."""

import re
from datetime import datetime, timedelta

from django.utils import timezone

from orders.forms.worker import DECLINE_REASONS
from orders.models import Assignment, Position, Replacement
from orders.states import AssignmentStatus, OrderStatus, PositionStatus
from staffing.core import clock
from staffing.demo.story.browser import Browser, promise, wait_for
from staffing.demo.story.forms import Form, forms_of
from staffing.demo.story.stage import Stage

LENGTH, GAP = timedelta(hours=3), timedelta(hours=1)
EACH = 5
PUNCH_ACCURACY = "15"


def post_order(stage: Stage) -> None:
    """The client asks for ten people over two shifts, looks at the cost and submits."""
    page, client = "/client/orders/new/", stage.client
    form = client.find(page, page)
    promise(form is not None, "the client finds the order form")
    assert form is not None
    more = client.send(form, page, **_filled(stage, form), action="add")
    again = next(f for f in forms_of(more.text) if "title" in f.names)
    preview = client.send(again, page, **_shifts(_start()), action="preview")
    promise("¥" in preview.text, "the client sees the cost before submitting")
    last = next(f for f in forms_of(preview.text) if "title" in f.names)
    done = client.send(last, page, action="submit")
    number = re.search(r"/client/orders/(\d+)/", done.url)
    promise(number, f"submitting leads to the order's page, not to {done.url}")
    assert number is not None
    stage.order_id = int(number.group(1))
    stage.tell(f"the client posts {stage.order.number}: 10 agents over two shifts, ¥{stage.order.estimate}")


def _start() -> datetime:
    """The first full hour at least three hours from now."""
    ahead = timezone.localtime(clock.now()) + timedelta(hours=4)
    return ahead.replace(minute=0, second=0, microsecond=0)


def _filled(stage: Stage, form: Form) -> dict[str, str]:
    return {
        "title": "会员日在线客服",
        "service_type": "pre_sale",
        "place": "own",
        "site": str(stage.cast.site.pk),
        f"skill_{stage.cast.skill.pk}": "2",
        **_shift(0, _start()),
    }


def _shift(number: int, start: datetime) -> dict[str, str]:
    end = start + LENGTH
    words = {"date": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}", "end": f"{end:%H:%M}", "headcount": str(EACH)}
    return {f"shift-{number}-{name}": value for name, value in words.items()}


def _shifts(start: datetime) -> dict[str, str]:
    return _shift(0, start) | _shift(1, start + GAP)


def match_and_confirm(stage: Stage) -> None:
    """The matching job proposes ten different people; the dispatcher reads the reasons and sends the offers."""
    page, action = f"/desk/orders/{stage.order_id}/", f"/desk/orders/{stage.order_id}/confirm/"
    form = wait_for("the proposal on the desk", lambda: stage.desk.find(page, action))
    order = stage.order
    promise(order.proposed_at is not None, "every place has a proposed worker")
    chosen = set(Position.objects.filter(shift__order=order).values_list("proposed_worker__user", flat=True))
    promise(len(chosen) == 2 * EACH and chosen <= set(stage.team), "ten different people of the team are proposed")
    stage.tell("ten people are proposed, each with points and reasons")
    stage.desk.send(form, page)
    promise(stage.order.status == OrderStatus.OFFERING, "the dispatcher's confirmation sends the offers")
    stage.tell("the dispatcher confirms; ten offers go out")


def _offer(browser: Browser) -> Form | None:
    page = browser.get("/my/offers/")
    return next((form for form in forms_of(page.text) if form.action.endswith("/accept/")), None)


def answer_offers(stage: Stage) -> None:
    """Nine say yes, one says no; the place passes to another, who says yes."""
    asked = {pk: form for pk, browser in stage.team.items() if (form := _offer(browser))}
    promise(len(asked) == 2 * EACH, f"ten people have an offer on their phone, not {len(asked)}")
    refuser, *others = asked
    for pk in others:
        stage.team[pk].send(asked[pk], "/my/offers/")
    stage.tell("nine accept")
    _decline(stage.team[refuser], asked[refuser])
    stage.tell("one declines")
    accept_next(stage, but=set(asked))
    wait_for("the order to be filled", lambda: stage.order.status == OrderStatus.FILLED)
    promise(len({work.worker_id for work in stage.works()}) == 2 * EACH, "ten different people are booked")
    stage.tell("the place is passed on and accepted: the order is filled")


def _decline(browser: Browser, form: Form) -> None:
    page = form.action.replace("/accept/", "/decline/")
    asked = browser.find(page, page)
    assert asked is not None
    browser.send(asked, page, quick=DECLINE_REASONS[0][0])


def accept_next(stage: Stage, *, but: set[int]) -> None:
    """Whoever is asked next says yes."""

    def asked() -> tuple[Browser, Form] | None:
        waiting = ((browser, _offer(browser)) for pk, browser in stage.team.items() if pk not in but)
        return next(((browser, form) for browser, form in waiting if form is not None), None)

    browser, form = wait_for("the next person to be asked", asked)
    browser.send(form, "/my/offers/")


def serve(stage: Stage) -> None:
    """Nine of ten come; the tenth is replaced after a quarter of an hour."""
    works = stage.works()
    first, second = works[:EACH], works[EACH:]
    absent, *present = first
    stage.until(first[0].start_at - timedelta(minutes=10))
    for work in present:
        _punch(stage, work, "check-in")
    stage.tell("four of the first shift check in at the site")
    _replace(stage, absent)
    stage.until(second[0].start_at - timedelta(minutes=5))
    for work in second:
        _punch(stage, work, "check-in")
    promise(_arrived(stage) == 2 * EACH, "nine of the ten promised have come, and the replacement")
    promise(
        "10" in stage.client.get(f"/client/orders/{stage.order_id}/live/").text, "the client sees the arrivals live"
    )
    stage.tell("the second shift is complete: ten places are served")


def _arrived(stage: Stage) -> int:
    return sum(work.checked_in_at is not None for work in stage.works())


def _punch(stage: Stage, work: Assignment, deed: str) -> None:
    site, browser = stage.cast.site, stage.browser_of(work)
    browser.do(
        "/my/",
        f"/my/shifts/{work.pk}/{deed}/",
        latitude=str(site.latitude + 0.0003),
        longitude=str(site.longitude),
        accuracy=PUNCH_ACCURACY,
    )


def _replace(stage: Stage, absent: Assignment) -> None:
    stage.until(absent.start_at + timedelta(minutes=15, seconds=1))
    wait_for("the no-show", lambda: Assignment.objects.filter(pk=absent.pk, status=AssignmentStatus.NO_SHOW).exists())
    stage.tell("one does not come: recorded as a no-show after 15 minutes")
    accept_next(stage, but={work.worker.user_id for work in stage.works()})
    row = Replacement.objects.select_related("found__worker").get(lost=absent)
    promise(row.found is not None, "the replacement is booked")
    assert row.found is not None
    stage.tell("the replacement accepts")
    stage.until(clock.now() + timedelta(minutes=18))
    _punch(stage, Assignment.objects.select_related("worker").get(pk=row.found.pk), "check-in")
    stage.tell("the replacement checks in")


def leave_and_approve(stage: Stage) -> None:
    """Everybody checks out at the end; the client approves at once what is as planned, and the rest one by one."""
    here = [work for work in stage.works() if work.checked_in_at]
    for end in sorted({work.end_at for work in here}):
        stage.until(end + timedelta(minutes=1))
        for work in here:
            if work.end_at == end:
                _punch(stage, work, "check-out")
    wait_for("the order to be completed", lambda: stage.order.status == OrderStatus.COMPLETED)
    stage.tell("all check out; the order is complete")
    page = f"/client/orders/{stage.order_id}/"
    if stage.client.find(page, f"{page}hours/approve/"):
        stage.client.do(page, f"{page}hours/approve/")
    for work in stage.works():
        if hasattr(work, "timesheet") and work.timesheet.status == "submitted":
            stage.client.do(page, f"/client/hours/{work.timesheet.pk}/approve/")
    sheets = [work.timesheet for work in stage.works() if hasattr(work, "timesheet")]
    promise(len(sheets) == 2 * EACH and all(s.status == "approved" for s in sheets), "ten timesheets are approved")
    filled = Position.objects.filter(shift__order=stage.order_id, status=PositionStatus.FILLED).count()
    promise(filled == 2 * EACH, "no place was left empty")
    stage.tell(f"the client approves the hours of ten people, ¥{sum(sheet.amount for sheet in sheets)}")
