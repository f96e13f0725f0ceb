"""Outbox subscribers of applications: the owner's notices, the applicant's letters, days that have passed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staffing.core import notices
from staffing.core.models import AuditEvent, Role, User
from staffing.core.outbox import on
from workers.models import Application
from workers.services import applicant_letters as letters
from workers.services import interviews
from workers.states import OPEN, ApplicationStatus

Payload = Mapping[str, Any]

notices.register("application.new", _("新报名：%(name)s"), _("请在 %(due_at)s 前审核。"))
notices.register("application.again", _("%(name)s 又提交了一次报名"), _("原有报名没有改动。"))
notices.register("application.overdue", _("报名处理超期：%(name)s"), _("应在 %(due_at)s 前完成这一阶段。"))
notices.register("application.interview_soon", _("面试提醒：%(name)s"), _("时间：%(start_at)s。"))
notices.register("application.taken", _("%(who)s 接手了报名：%(name)s"), _("此报名不再由您负责。"))
notices.register("application.withdrawn", _("%(name)s 撤回了报名"), _("不需要再联系。"))

notices.register(
    "applicant.received", _("我们已收到您的报名"), _("%(name)s，您好：打开下面的链接，可以随时查看进度和下一步。")
)
notices.register(
    "applicant.again",
    _("有人用您的手机号又提交了一次报名"),
    _("%(name)s，您好：您之前的报名照常处理，没有改动，打开下面的链接可以查看进度。如果不是您本人，请告诉我们。"),
)
notices.register(
    "applicant.documents", _("请准备您的资料"), _("%(name)s，您好：您的报名已通过初审。链接里写明了需要准备的资料。")
)
notices.register(
    "applicant.appointment",
    _("您的面试时间：%(start_at)s"),
    _("%(name)s，您好：地点或电话：%(place)s。如不方便，请尽快与我们联系。"),
)
notices.register(
    "applicant.interview_soon",
    _("面试提醒：%(start_at)s"),
    _("%(name)s，您好：地点或电话：%(place)s。如不方便，请尽快与我们联系。"),
)
notices.register("applicant.training", _("恭喜，请参加岗前培训"), _("%(name)s，您好：面试已通过，下一步是岗前培训。"))
notices.register(
    "applicant.active",
    _("欢迎加入，请设置登录密码"),
    _("%(name)s，您好：登录手机号是 %(phone)s。请用下面的链接设置密码，链接只能使用一次。"),
)
notices.register(
    "applicant.rejected", _("您的报名结果"), _("%(name)s，您好：这次没有合适的安排，感谢您的时间，欢迎以后再报名。")
)


def _told(application_id: int) -> Application:
    return Application.objects.select_related("owner").get(pk=application_id)


def _page(found: Application) -> str:
    return reverse("workers:application", args=[found.pk])


def _about(found: Application, **more: Any) -> dict[str, Any]:
    due = {"due_at": found.due_at.isoformat()} if found.due_at else {}
    return {"name": found.name, **due, **more}


@on("application.apply")
def tell_owner(payload: Payload, now: datetime) -> None:
    """The owner hears of somebody who came by themselves; what partners send by the hundred is seen on the board."""
    found = _told(payload["id"])
    by_hand = AuditEvent.objects.filter(pk=payload["event"], actor_role="link").exists()
    if by_hand and found.owner:
        data, url = _about(found), _page(found)
        notices.tell([found.owner], "application.new", found, now=now, key=str(found.pk), data=data, url=url)


@on("application.again")
def tell_owner_again(payload: Payload, now: datetime) -> None:
    """The owner may ask whether it was the same person."""
    found = _told(payload["id"])
    people = [found.owner] if found.owner else []
    key, url = f"{found.pk}:{payload['day']}", _page(found)
    notices.tell(people, "application.again", found, now=now, key=key, data=_about(found), url=url, by_mail=False)


@on("application.again", queue="notify")
def write_again(payload: Payload, now: datetime) -> None:
    """Whoever applied first has the link to their page once more; nothing goes to the address of the second form."""
    letters.send(payload["id"], "applicant.again")


@on("application.overdue")
def tell_of_delay(payload: Payload, now: datetime) -> None:
    """The day has passed in the same stage: the owner is told, or everybody at the desk."""
    found = _told(payload["id"])
    if found.status not in OPEN or found.due_at is None or found.due_at.isoformat() != payload["due"]:
        return
    desk = User.objects.filter(role__in=(Role.DISPATCHER, Role.MANAGER), is_active=True)
    people = [found.owner] if found.owner and found.owner.is_active else list(desk)
    key, data = f"{found.pk}:{payload['due']}", _about(found)
    notices.tell(people, "application.overdue", found, now=now, key=key, data=data, url=_page(found))


@on("application.take")
def tell_who_had_it(payload: Payload, now: datetime) -> None:
    """Whoever it was taken from."""
    found = _told(payload["id"])
    before = User.objects.filter(pk=payload["before"], is_active=True)
    data, key = _about(found, who=found.owner.name if found.owner else ""), payload["event"]
    notices.tell(before, "application.taken", found, now=now, key=key, data=data, url=_page(found), by_mail=False)


@on("application.withdraw")
def tell_of_withdrawal(payload: Payload, now: datetime) -> None:
    """The owner need do nothing more."""
    found = _told(payload["id"])
    people = [found.owner] if found.owner else []
    data, url = _about(found), _page(found)
    notices.tell(people, "application.withdrawn", found, now=now, key=payload["event"], data=data, url=url)


@on("application.apply", queue="notify")
def write_receipt(payload: Payload, now: datetime) -> None:
    """The applicant gets the link to their page."""
    letters.send(payload["id"], "applicant.received", "applied")


@on("application.to_documents", queue="notify")
def write_about_papers(payload: Payload, now: datetime) -> None:
    """What to bring."""
    letters.send(payload["id"], "applicant.documents", "documents")


@on("application.appointment", queue="notify")
def write_appointment(payload: Payload, now: datetime) -> None:
    """When and where the interview is."""
    letters.appointment(payload["id"], datetime.fromisoformat(payload["start"]))


@on("application.interview_soon", queue="notify")
def remind_of_interview(payload: Payload, now: datetime) -> None:
    """The applicant and the owner, unless the time has changed or the interview is over with."""
    start = datetime.fromisoformat(payload["start"])
    found = _told(payload["id"])
    if found.status != ApplicationStatus.INTERVIEW or not interviews.is_at(found, start) or start <= now:
        return
    people = [found.owner] if found.owner and found.owner.is_active else []
    data, key = _about(found, start_at=payload["start"]), f"{found.pk}:{payload['start']}"
    notices.tell(people, "application.interview_soon", found, now=now, key=key, data=data, url=_page(found))
    letters.appointment(found.pk, start, "applicant.interview_soon")


@on("application.to_training", queue="notify")
def write_about_training(payload: Payload, now: datetime) -> None:
    """What comes next."""
    letters.send(payload["id"], "applicant.training", "training")


@on("application.activate", queue="notify")
def write_invitation(payload: Payload, now: datetime) -> None:
    """The way in."""
    letters.invite(payload["id"])


@on("application.reject", queue="notify")
def write_refusal(payload: Payload, now: datetime) -> None:
    """A no is told, too."""
    letters.send(payload["id"], "applicant.rejected", "rejected")
