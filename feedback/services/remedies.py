"""The six kinds of write-back: what each needs, what it changes, and how that is taken back.

`prepare` reads and checks and writes nothing: it gives the preview's facts, kept with the write-back. `apply` changes
by the owning app's service and gives what `revert` needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import ReviewCase, WriteBack
from feedback.services import credits
from orders.models import Client, ClientGate, DoNotSend
from orders.services import circle, lessons, members
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from workers.models import CertificateType, Course, Language, Skill, Worker
from workers.models.catalogue import Graded
from workers.services import trainings

Json = dict[str, Any]
Kind = WriteBack.Kind
NAMED: Mapping[str, Any] = {"skill": Skill, "language": Language, "certificate": CertificateType, "course": Course}


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants written back; which fields count is said by the kind.

    `gate`: kind and id as `skill:7`, or `stars:0`; `level`: see `ClientGate`; `amount` in CNY.
    """

    kind: str
    gate: str = ""
    level: int = 0
    worker: Worker | None = None
    course: Course | None = None
    due_on: date | None = None
    count: int | None = None
    text: str = ""
    amount: Decimal | None = None
    reason: str = ""


class Remedy(Protocol):
    """One kind."""

    def prepare(self, case: ReviewCase, plan: Plan, now: datetime) -> Json: ...

    def apply(self, row: WriteBack, plan: Plan, by: Actor, now: datetime) -> Json: ...

    def revert(self, row: WriteBack, by: Actor, now: datetime) -> None: ...


def _changed_since() -> Conflict:
    return Conflict("changed_since", _("之后已有其他改动，不能撤回。"))


def _reason(row: WriteBack, plan: Plan) -> str:
    return f"{row.case.number} {plan.reason}".strip()[:200]


class Gate:
    """Every new order of the client asks for more."""

    def prepare(self, case: ReviewCase, plan: Plan, now: datetime) -> Json:
        """Names of what is asked, what was asked, and what will be."""
        kind, _colon, ref = plan.gate.partition(":")
        if kind not in ClientGate.Kind.values or not ref.isdigit():
            raise Invalid("no_gate", _("请选择要收紧的要求。"))
        lessons.check_level(kind, int(ref), plan.level)
        row = ClientGate.objects.filter(client=case.client_id, kind=kind, ref=int(ref)).first()
        if row is not None and row.level >= plan.level:
            raise Invalid("asked_already", _("该客户的订单已有同样或更高的要求。"))
        data = {"gate": kind, "ref": int(ref), "level": plan.level, "before": row.level if row else None}
        return data | self._names(kind, int(ref))

    def _names(self, kind: str, ref: int) -> Json:
        if kind not in NAMED:
            return {}
        found = NAMED[kind].objects.filter(pk=ref).first()
        if found is None:
            raise Invalid("no_gate", _("请选择要收紧的要求。"))
        grades = {"grades": found.grades} if isinstance(found, Graded) else {}
        return {"zh": found.name_zh, "en": found.name_en} | grades

    def apply(self, row: WriteBack, plan: Plan, by: Actor, now: datetime) -> Json:
        """By the orders' service."""
        data = row.data
        _row, before = lessons.tighten(
            row.client, data["gate"], data["ref"], data["level"], reason=_reason(row, plan), by=by, now=now
        )
        return {"before": before}

    def revert(self, row: WriteBack, by: Actor, now: datetime) -> None:
        """To what was asked before."""
        data = row.data
        if not lessons.loosen(row.client, data["gate"], data["ref"], data["level"], row.undo["before"], by=by, now=now):
            raise _changed_since()


class KeepAway:
    """A worker is not sent to this client again."""

    def prepare(self, case: ReviewCase, plan: Plan, now: datetime) -> Json:
        """Whose name."""
        if plan.worker is None:
            raise Invalid("no_worker", _("请选择员工。"))
        if DoNotSend.objects.filter(client=case.client_id, worker=plan.worker).exists():
            raise Invalid("kept_away", _("此人已列入“不再派遣”。"))
        return {"worker": plan.worker.user.name, "worker_id": plan.worker.pk}

    def apply(self, row: WriteBack, plan: Plan, by: Actor, now: datetime) -> Json:
        """By the orders' service."""
        assert row.worker is not None
        circle.do_not_send(row.client, row.worker, reason=_reason(row, plan), by=by, now=now)
        return {}

    def revert(self, row: WriteBack, by: Actor, now: datetime) -> None:
        """May be sent again."""
        assert row.worker is not None
        circle.send_again(row.client, row.worker, by=by, now=now)


class Training:
    """A worker passes a course by a day."""

    def prepare(self, case: ReviewCase, plan: Plan, now: datetime) -> Json:
        """Who, what, until when."""
        if plan.worker is None or plan.course is None or plan.due_on is None:
            raise Invalid("no_training", _("请选择员工、课程与截止日期。"))
        if plan.due_on < timezone.localdate(now):
            raise Invalid("past_day", _("截止日期不能早于今天。"))
        if trainings.open_tasks().filter(worker=plan.worker, course=plan.course).exists():
            raise Invalid("task_exists", _("此人已有这门课的培训任务。"))
        who = {"worker": plan.worker.user.name, "worker_id": plan.worker.pk, "due_on": plan.due_on.isoformat()}
        return who | {"zh": plan.course.name_zh, "en": plan.course.name_en}

    def apply(self, row: WriteBack, plan: Plan, by: Actor, now: datetime) -> Json:
        """By the workers' service."""
        assert plan.worker and plan.course and plan.due_on
        row.training = trainings.assign(
            plan.worker, plan.course, due_on=plan.due_on, reason=_reason(row, plan), by=by, now=now
        )
        return {}

    def revert(self, row: WriteBack, by: Actor, now: datetime) -> None:
        """Not asked any longer."""
        if row.training_id is not None:
            trainings.withdraw(row.training_id, by=by, now=now)


class Backups:
    """More people stand by for each of the client's shifts."""

    def prepare(self, case: ReviewCase, plan: Plan, now: datetime) -> Json:
        """How many, and how many it was."""
        if plan.count is None or not case.client.backups < plan.count <= lessons.MOST_BACKUPS:
            facts = {"now": case.client.backups, "most": lessons.MOST_BACKUPS}
            raise Invalid("bad_backups", _("现在是 %(now)s 人，请填更多，最多 %(most)s 人。") % facts)
        return {"count": plan.count, "before": case.client.backups}

    def apply(self, row: WriteBack, plan: Plan, by: Actor, now: datetime) -> Json:
        """By the orders' service."""
        return {"before": lessons.set_backups(row.client, row.data["count"], by=by, now=now)}

    def revert(self, row: WriteBack, by: Actor, now: datetime) -> None:
        """As many as before."""
        if Client.objects.get(pk=row.client_id).backups != row.data["count"]:
            raise _changed_since()
        lessons.set_backups(row.client, row.undo["before"], by=by, now=now)


class Briefing:
    """Everybody who is sent there reads one more paragraph."""

    def prepare(self, case: ReviewCase, plan: Plan, now: datetime) -> Json:
        """The new paragraph."""
        if not plan.text.strip():
            raise Invalid("no_text", _("请填写要补充的上岗须知。"))
        if plan.text.strip() in case.client.briefing:
            raise Invalid("told_already", _("上岗须知里已有这段话。"))
        return {"text": plan.text.strip()}

    def apply(self, row: WriteBack, plan: Plan, by: Actor, now: datetime) -> Json:
        """By the orders' service."""
        self._write(row.client, f"{row.client.briefing.rstrip()}\n{row.data['text']}".strip(), by, now)
        return {}

    def revert(self, row: WriteBack, by: Actor, now: datetime) -> None:
        """Without the paragraph, if it still stands there."""
        client = Client.objects.get(pk=row.client_id)
        if row.data["text"] not in client.briefing:
            raise _changed_since()
        self._write(client, client.briefing.replace(row.data["text"], "", 1).strip(), by, now)

    def _write(self, client: Client, text: str, by: Actor, now: datetime) -> None:
        rest = {"profile": client.profile, "contact_email": client.contact_email}
        members.describe(client.pk, briefing=text, by=by, now=now, **rest)


class Credit:
    """Money back."""

    def prepare(self, case: ReviewCase, plan: Plan, now: datetime) -> Json:
        """How much, and whether somebody else has to agree."""
        if plan.amount is None or plan.amount <= 0 or not plan.reason.strip():
            raise Invalid("bad_credit", _("请填写大于 0 的金额和理由。"))
        facts = {"amount": str(plan.amount), "reason": plan.reason.strip()[:200]}
        return facts | {"alone": credits.is_alone(case, plan.amount)}

    def apply(self, row: WriteBack, plan: Plan, by: Actor, now: datetime) -> Json:
        """Asked for, or given at once."""
        assert plan.amount is not None
        row.credit = credits.request(row.case, plan.amount, reason=plan.reason, by=by, now=now)
        return {}

    def revert(self, row: WriteBack, by: Actor, now: datetime) -> None:
        """Only while nobody has decided."""
        if row.credit_id is not None:
            credits.withdraw(row.credit_id, by=by, now=now)


REMEDIES: Mapping[str, Remedy] = {
    Kind.GATE: Gate(),
    Kind.DO_NOT_SEND: KeepAway(),
    Kind.TRAINING: Training(),
    Kind.BACKUPS: Backups(),
    Kind.BRIEFING: Briefing(),
    Kind.CREDIT: Credit(),
}
