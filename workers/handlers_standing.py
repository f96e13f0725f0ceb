"""Outbox subscribers of watching, proposals, appeals and careers: who hears of what, and what is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staffing.core import notices
from staffing.core.models import AuditEvent, Role, User
from staffing.core.outbox import on
from staffing.core.templatetags.formats import day_text
from workers.models import LevelChange, Proposal, StandingAppeal, WatchEntry, Worker
from workers.services import careers, nightly, proposals, standing_appeals
from workers.standing_text import proposed
from workers.states import ProposalStatus, StandingAppealStatus, WatchStatus, WorkerStatus

Payload = Mapping[str, Any]
KINDS = Proposal.Kind

notices.register(
    "watch.start", _("您的%(kind)s服务进入考察期"), _("考察期照常派单。点开可看原因、怎样解除，以及如何申诉。")
)
notices.register("watch.mended", _("%(kind)s考察已解除"), _("您的记录已改善，谢谢。"))
notices.register("watch.lifted", _("%(kind)s考察已由调度解除"), _("理由：%(reason)s"))
notices.register("proposal.waits", _("请决定：%(worker)s · %(what)s"), _("请在 %(due_at)s 前决定，并写明理由。"))
notices.register("proposal.late", _("已到期未决定：%(worker)s · %(what)s"), _("应在 %(due_at)s 前决定。"))
notices.register("removal.suspend", _("您已被暂停派单"), _("理由：%(reason)s。您可以申诉，申诉期间暂停不生效。"))
notices.register("removal.leave", _("您已被移出派单名单"), _("理由：%(reason)s。您可以申诉，申诉期间不生效。"))
notices.register("full_time.recommended", _("您被推荐转为全职"), _("理由：%(reason)s。调度会与您联系。"))
notices.register("worker.back", _("您已恢复派单"), _("理由：%(reason)s"))
notices.register("level.decided", _("您将晋升为%(level)s"), _("自 %(day)s 起生效，之后的班次按新级别计薪。"))
notices.register("level.begun", _("您已晋升为%(level)s"), _("今后的班次按新级别计薪。"))
notices.register("standing_appeal.waits", _("%(worker)s 提出申诉"), _("请在 %(due_at)s 前处理。%(text)s"))
notices.register("standing_appeal.soon", _("%(worker)s 的申诉即将到期"), _("请在 %(due_at)s 前处理。"))
notices.register("standing_appeal.late", _("%(worker)s 的申诉已超期"), _("应在 %(due_at)s 前处理，请尽快决定。"))
notices.register("standing_appeal.accepted", _("申诉成功，已撤销"), _("理由：%(reason)s"))
notices.register("standing_appeal.refused", _("申诉未通过"), _("理由：%(reason)s"))


def _tell(subject: Any, notice: str, key: str, now: datetime, said: Payload, state: str = "") -> None:
    """Tell the worker whom it is about; `subject` is their row, or one that belongs to them."""
    worker = subject if isinstance(subject, Worker) else subject.worker
    url = reverse("workers:me-standing")
    notices.tell([worker.user], notice, subject, now=now, key=key, data=said, url=url, while_state=state)


@on(nightly.TOPIC)
def propose_by_night(payload: Payload, now: datetime) -> None:
    """Who has all that the next level needs is proposed for it."""
    nightly.propose_steps(payload["first"], payload["last"], now)


@on("watchentry.start")
def tell_of_watch(payload: Payload, now: datetime) -> None:
    """The worker hears that they are on watch, and why."""
    _of_watch("watch.start", payload, now, WatchStatus.WATCHING)


@on("watchentry.mend")
def tell_of_mending(payload: Payload, now: datetime) -> None:
    """And that they no longer are."""
    _of_watch("watch.mended", payload, now)


@on("watchentry.lift")
def tell_of_lifting(payload: Payload, now: datetime) -> None:
    """A person has ended it; after an appeal that says so itself."""
    row = WatchEntry.objects.filter(pk=payload["id"]).first()
    if row is not None and not row.appeals.filter(status=StandingAppealStatus.ACCEPTED).exists():
        _of_watch("watch.lifted", payload, now)


def _of_watch(kind: str, payload: Payload, now: datetime, state: str = "") -> None:
    row = WatchEntry.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    if row is not None:
        with notices.in_language_of(row.worker.user):
            said = {"kind": str(row.get_service_type_display()), "reason": row.end_reason}
        _tell(row, kind, str(row.pk), now, said, state)


@on("proposal.make")
def ask_managers(payload: Payload, now: datetime) -> None:
    """Managers are asked to decide."""
    _to_managers("proposal.waits", payload, now)


@on(proposals.DUE)
def remind_managers(payload: Payload, now: datetime) -> None:
    """Nobody has decided in time."""
    _to_managers("proposal.late", payload, now)


def _to_managers(kind: str, payload: Payload, now: datetime) -> None:
    row = Proposal.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    if row is None:
        return
    data = {"worker": row.worker.user.name, "what": proposed(row), "due_at": row.due_at.isoformat()}
    url, waiting = reverse("workers:proposals"), ProposalStatus.OPEN
    said = {"data": data, "url": url, "while_state": waiting}
    notices.tell_agency(kind, row, now=now, key=str(row.pk), roles=(Role.MANAGER,), **said)


@on("proposal.approve")
def tell_of_decision(payload: Payload, now: datetime) -> None:
    """The worker hears of what concerns them, and why; a promotion tells of itself."""
    row = Proposal.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    kinds = {KINDS.SUSPEND: "removal.suspend", KINDS.LEAVE: "removal.leave", KINDS.FULL_TIME: "full_time.recommended"}
    if row is not None and row.kind in kinds:
        _tell(row, kinds[KINDS(row.kind)], str(row.pk), now, {"reason": row.reason})


@on("worker.reinstate")
def tell_of_return(payload: Payload, now: datetime) -> None:
    """The worker is sent again."""
    event = AuditEvent.objects.get(pk=payload["event"])
    worker = Worker.objects.select_related("user").get(pk=payload["id"])
    if worker.status in (WorkerStatus.ACTIVE, WorkerStatus.WATCH):
        _tell(worker, "worker.back", payload["event"], now, {"reason": event.reason})


@on(careers.DUE)
def begin_level(payload: Payload, now: datetime) -> None:
    """The day of a level has come."""
    careers.begin(payload["id"], now)


@on("levelchange.decide")
def tell_of_coming_level(payload: Payload, now: datetime) -> None:
    """The worker hears of a level that begins later."""
    _of_level("level.decided", payload, now)


@on("levelchange.begin")
def tell_of_level(payload: Payload, now: datetime) -> None:
    """The worker hears of their level."""
    _of_level("level.begun", payload, now)


def _of_level(kind: str, payload: Payload, now: datetime) -> None:
    row = LevelChange.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    if row is not None:
        with notices.in_language_of(row.worker.user):
            said = {"level": str(row.get_level_after_display()), "day": day_text(row.effective_on)}
        url = reverse("workers:me-career")
        notices.tell([row.worker.user], kind, row, now=now, key=str(row.pk), data=said, url=url)


@on("standingappeal.file")
def tell_of_appeal(payload: Payload, now: datetime) -> None:
    """Those who may decide hear of it."""
    _to_deciders("standing_appeal.waits", payload, now)


@on("standingappeal.remind")
def remind_of_appeal(payload: Payload, now: datetime) -> None:
    """Its time is nearly over."""
    _to_deciders("standing_appeal.soon", payload, now)


@on("standingappeal.overdue")
def tell_of_late_appeal(payload: Payload, now: datetime) -> None:
    """Its time is over: managers hear of it, too."""
    _to_deciders("standing_appeal.late", payload, now)


def _to_deciders(kind: str, payload: Payload, now: datetime) -> None:
    row = StandingAppeal.objects.select_related("worker__user", "proposal").filter(pk=payload["id"]).first()
    if row is None or row.status != StandingAppealStatus.OPEN:
        return
    people = User.objects.filter(role__in=(Role.DISPATCHER, Role.MANAGER), is_active=True)
    may = [user for user in people if standing_appeals.may_decide(row, user)]
    data = {"worker": row.worker.user.name, "text": row.text[:80], "due_at": row.due_at.isoformat()}
    url, waiting = reverse("workers:standing-appeals"), StandingAppealStatus.OPEN
    notices.tell(may, kind, row, now=now, key=str(row.pk), data=data, url=url, while_state=waiting)


@on("standingappeal.accept")
@on("standingappeal.refuse")
def tell_of_answer(payload: Payload, now: datetime) -> None:
    """The worker hears what came of it, and why."""
    row = StandingAppeal.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    if row is not None:
        kind = "standing_appeal.accepted" if row.status == StandingAppealStatus.ACCEPTED else "standing_appeal.refused"
        _tell(row, kind, str(row.pk), now, {"reason": row.decision})
