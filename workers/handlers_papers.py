"""Outbox subscribers of papers, checks and the vault: who is told what."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staffing.core import notices
from staffing.core.models import AuditEvent, Role, User
from staffing.core.outbox import on
from workers.models import BackgroundCheck, Document, ExpiryWarning, VaultEntry, Worker
from workers.paper_states import CheckStatus, DocumentStatus
from workers.services import expiring, vault

Payload = Mapping[str, Any]

notices.register("paper.accepted", _("%(paper)s 已核验通过"), _("从现在起计入您的资料和派单匹配。"))
notices.register("paper.refused", _("%(paper)s 未通过核验"), _("%(reason)s · 请重新上传。"))
notices.register("check.half", _("%(worker)s 的高信任背调待复核"), _("须由首位审核人以外的同事复核。"))
notices.register("check.passed", _("您的背景核查已通过"), _("%(level)s，计入派单匹配。"))
notices.register("check.revoked", _("您的背景核查已撤销"), _("%(reason)s · 如有疑问请联系调度。"))
notices.register("expiry.worker", _("%(name)s 将于 %(until)s 到期"), _("到期次日起不再计入派单，请尽快更新材料。"))
notices.register("expiry.desk", _("%(n)s 项资质即将到期"), _("涉及 %(people)s 人，最早 %(until)s。"))
notices.register("vault.revealed", _("您的%(kind)s被查看"), _("%(who)s · %(reason)s"))
notices.register("vault.duplicate", _("身份证号重复登记"), _("%(worker)s 与 %(other)s 登记了同一个身份证号，请核对。"))


def _paper(pk: int) -> Document:
    rows = Document.objects.select_related("worker__user", "certificate", "skill", "language", "course")
    return rows.get(pk=pk)


def _tell_of_paper(pk: int, kind: str, state: str, now: datetime) -> None:
    row = _paper(pk)
    with notices.in_language_of(row.worker.user):
        data = {"paper": row.subject.name, "reason": row.decision}
    url = reverse("workers:my-papers")
    notices.tell([row.worker.user], kind, row, now=now, key=str(pk), data=data, url=url, while_state=state)


@on("document.accept")
def tell_accepted(payload: Payload, now: datetime) -> None:
    """The worker learns that it counts."""
    _tell_of_paper(payload["id"], "paper.accepted", DocumentStatus.ACCEPTED, now)


@on("document.refuse")
def tell_refused(payload: Payload, now: datetime) -> None:
    """The worker learns why it does not."""
    _tell_of_paper(payload["id"], "paper.refused", DocumentStatus.REFUSED, now)


@on("backgroundcheck.first")
def tell_half(payload: Payload, now: datetime) -> None:
    """A second person is needed."""
    row = BackgroundCheck.objects.select_related("worker__user").get(pk=payload["id"])
    agency = User.objects.filter(role__in=(Role.DISPATCHER, Role.MANAGER), is_active=True)
    others = agency.exclude(pk=row.first_by_id or 0)
    data, url = {"worker": row.worker.user.name}, reverse("workers:check", args=[row.pk])
    told: dict[str, Any] = {"data": data, "url": url, "while_state": CheckStatus.HALF, "by_mail": False}
    notices.tell(others, "check.half", row, now=now, key=str(row.pk), **told)


def _tell_of_check(pk: int, kind: str, state: str, now: datetime) -> None:
    row = BackgroundCheck.objects.select_related("worker__user").get(pk=pk)
    with notices.in_language_of(row.worker.user):
        data = {"level": str(row.get_level_display()), "reason": row.reason}
    url = reverse("workers:my-papers")
    notices.tell([row.worker.user], kind, row, now=now, key=str(pk), data=data, url=url, while_state=state)


@on("backgroundcheck.approve")
def tell_passed(payload: Payload, now: datetime) -> None:
    """Passed by one person."""
    _tell_of_check(payload["id"], "check.passed", CheckStatus.PASSED, now)


@on("backgroundcheck.second")
def tell_passed_by_two(payload: Payload, now: datetime) -> None:
    """Passed by two people."""
    _tell_of_check(payload["id"], "check.passed", CheckStatus.PASSED, now)


@on("backgroundcheck.revoke")
def tell_revoked(payload: Payload, now: datetime) -> None:
    """It counts no longer, and why."""
    _tell_of_check(payload["id"], "check.revoked", CheckStatus.REVOKED, now)


@on("expiry.notice")
def tell_of_ending(payload: Payload, now: datetime) -> None:
    """The worker learns what ends, unless it was renewed meanwhile."""
    row = ExpiryWarning.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    if row is None or row.status != ExpiryWarning.Status.OPEN:
        return
    with notices.in_language_of(row.worker.user):
        ending = expiring.ending_of(row)
    if ending is None:
        return
    data = {"name": ending.name, "until": row.until.isoformat()}
    url = reverse("workers:my-papers")
    told: dict[str, Any] = {"data": data, "url": url, "while_state": ExpiryWarning.Status.OPEN}
    notices.tell([ending.worker.user], "expiry.worker", row, now=now, key=str(row.pk), **told)


@on("expiry.digest")
def tell_the_desk(payload: Payload, now: datetime) -> None:
    """One digest a day of all that was noticed since the last; nothing to tell, nothing is told."""
    rows = expiring.take_digest(date.fromisoformat(payload["day"]))
    if not rows:
        return
    people = len({row.worker_id for row in rows})
    data = {"n": len(rows), "people": people, "until": rows[0].until.isoformat()}
    roles = (Role.DISPATCHER, Role.MANAGER)
    told: dict[str, Any] = {"data": data, "url": reverse("workers:papers-ending"), "roles": roles}
    notices.tell_agency("expiry.desk", rows[0], now=now, key=payload["day"], **told)


@on("vault.reveal")
def tell_of_reveal(payload: Payload, now: datetime) -> None:
    """The worker learns who looked, and why."""
    event = AuditEvent.objects.select_related("actor").get(pk=payload["event"])
    worker = Worker.objects.select_related("user").get(pk=event.subject_id)
    kind = VaultEntry.Kind(event.action.removeprefix(f"{vault.REVEALED}_"))
    with notices.in_language_of(worker.user):
        label = str(kind.label)
    data = {"kind": label, "who": event.actor.name if event.actor else "", "reason": event.reason}
    url = reverse("workers:me-privacy")
    notices.tell([worker.user], "vault.revealed", worker, now=now, key=str(event.pk), data=data, url=url)


@on("vault.duplicate")
def tell_of_duplicate(payload: Payload, now: datetime) -> None:
    """Managers learn that two people gave the same number; not which."""
    row = VaultEntry.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    other = vault.same_as(row).select_related("worker__user").first() if row else None
    if row is None or other is None:
        return
    data = {"worker": row.worker.user.name, "other": other.worker.user.name}
    url = reverse("workers:person", args=[row.worker_id])
    key = f"{row.pk}:{other.pk}"
    told: dict[str, Any] = {"data": data, "url": url, "roles": (Role.MANAGER,), "by_mail": False}
    notices.tell_agency("vault.duplicate", row.worker, now=now, key=key, **told)
