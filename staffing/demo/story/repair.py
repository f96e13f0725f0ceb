"""Second half: a bad answer, the case, "not solved" once, then confirmed; and the manager's figures."""

from datetime import date, timedelta

from feedback.models import CaseRound, ReviewCase, Survey
from feedback.services.survey_letters import link_of
from feedback.states import CaseStatus
from orders.models import Order, Replacement
from staffing.core import clock
from staffing.core.models import Notification
from staffing.demo.story.browser import promise, wait_for
from staffing.demo.story.stage import Stage

DASHBOARD = "/dashboard/"


def counted(stage: Stage, figure: str, first: date, last: date) -> bool:
    """Whether the manager finds the order among the rows behind a figure of the dashboard."""
    number = Order.objects.get(pk=stage.order_id).number
    address = f"{DASHBOARD}rows/?kpi={figure}&from={first}&to={last}"
    stage.manager.get(address)
    return number in stage.manager.get(f"{address}&format=csv").text


def answer_survey(stage: Stage) -> None:
    """The client follows the signed link without a login and is not content: a case opens at once."""
    link = wait_for("the survey's link", lambda: _link(stage))
    stranger = stage.stranger()
    stranger.do(
        link,
        link,
        overall="2",
        attendance="1",
        skill_match="4",
        attitude="4",
        solved="no",
        comment="有一人没来，替补到得晚。",
    )
    case = ReviewCase.objects.filter(order=stage.order_id).first()
    promise(case is not None, "the bad answer opens a case")
    assert case is not None
    promise(case.due_at - case.opened_at == timedelta(hours=48), "the case is due in 48 hours")
    promise(case.evidence.filter(kind="absence").exists(), "the no-show is among the evidence")
    stage.tell(f"the client answers the survey badly; case {case.number} opens, due in 48 hours")


def _link(stage: Stage) -> str | None:
    told = Notification.objects.filter(user=stage.cast.client, kind="survey.sent").first()
    return link_of(Survey.objects.get(pk=told.subject_id)) if told else None


def _case(stage: Stage) -> ReviewCase:
    return ReviewCase.objects.get(order=stage.order_id)


def repair(stage: Stage, *, hours: int) -> None:
    """Take, find the cause, fix, report: one round."""
    case = _case(stage)
    page = f"/cases/{case.pk}/"
    stage.desk.do(page, f"{page}take/")
    stage.until(clock.now() + timedelta(hours=hours))
    stage.desk.do(page, f"{page}cause/", cause="emergency", note="替补距离过远。", fix="每班预留一名附近的候补。")
    shown = stage.desk.do(page, f"{page}report/preview/", text="我们已为您的每个班次预留附近的候补，并为此致歉。")
    stage.desk.go_on(shown, f"{page}report/")
    promise(_case(stage).status == CaseStatus.REPORTED, "the report reaches the client")
    stage.tell(f"round {case.round}: taken, cause and fix named, reported to the client")


def not_solved(stage: Stage) -> None:
    """The client says no once: a second round with a fresh clock."""
    page = f"/client/cases/{_case(stage).pk}/"
    stage.client.do(page, f"{page}not-solved/", note="候补名单还没有给我们。")
    case = _case(stage)
    promise((case.status, case.round) == (CaseStatus.OPEN, 2), "“not solved” opens a second round")
    stage.tell("the client says “not solved”: round 2, a fresh 48 hours")


def confirm(stage: Stage) -> None:
    """The client is content; only that closes the case."""
    page = f"/client/cases/{_case(stage).pk}/"
    stage.client.do(page, f"{page}confirm/")
    promise(_case(stage).status == CaseStatus.CONFIRMED, "the client's confirmation closes the case")
    stage.tell("the client confirms: the case is closed")


def figures(stage: Stage) -> dict[str, str]:
    """The final figures of the order."""
    order, case, works = stage.order, _case(stage), stage.works()
    assert order.submitted_at and order.proposed_at and order.filled_at and case.closed_at
    lost = Replacement.objects.get(position__shift__order=order)
    assert lost.filled_at is not None
    rounds = list(CaseRound.objects.filter(case=case))
    promise(not any(one.breached_at for one in rounds), "both rounds were within 48 hours")
    return {
        "response": f"{(order.proposed_at - order.submitted_at).total_seconds():.0f} s",
        "fill": f"{(order.filled_at - order.submitted_at).total_seconds():.0f} s",
        "arrivals": f"{sum(work.checked_in_at is not None for work in works)} of 10",
        "no-shows": str(sum(work.status == "no_show" for work in works)),
        "replacement": f"{(lost.filled_at - lost.started_at).total_seconds() / 60:.1f} min",
        "case": f"{(case.closed_at - case.opened_at).total_seconds() / 3600:.1f} h",
        "rounds": str(len(rounds)),
    }
