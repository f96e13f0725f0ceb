"""Outbox subscribers of a case's repair: reminders, fixes, absences, money back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.models import CaseRound, CreditNote, ReviewCase
from feedback.selectors.cases import answer_until
from feedback.services import owners
from feedback.states import CaseStatus
from staffing.core import notices
from staffing.core.models import Role, User
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register(
    "case.reminder", _("还等您一句话：%(case)s 解决了吗？"), _("%(title)s：请在 %(until_at)s 前告诉我们是否已解决。")
)
notices.register("case.fix_due", _("案件 %(case)s 的整改今天到期"), _("%(client)s · %(fix)s"))
notices.register("case.yours", _("案件 %(case)s 现由您负责"), _("%(client)s · %(title)s，请尽快处理。"))
notices.register(
    "credit.request", _("补偿 ¥%(amount)s 等待复核：%(case)s"), _("%(client)s · %(reason)s，由 %(who)s 提出。")
)
notices.register("credit.client", _("我们已向您补偿 ¥%(amount)s"), _("%(case)s：%(reason)s"))


def about(case: ReviewCase, **more: Any) -> dict[str, Any]:
    """What every notice about a case may say."""
    names = {"number": case.order_number, "title": case.title, "client": case.client.name}
    return names | {"case": case.number} | more


def desk(case: ReviewCase) -> str:
    """The case's page of the agency."""
    return reverse("feedback:case", args=[case.pk])


def members(case: ReviewCase) -> list[User]:
    """Who is answered: the client's people, or the worker who complained, of which the client hears nothing."""
    if case.from_worker:
        reporter = case.complaint.reporter if case.complaint else None
        return [reporter] if reporter is not None and reporter.is_active else []
    return list(User.objects.filter(membership__client=case.client_id, is_active=True))


def answered_at(case: ReviewCase) -> str:
    """The page on which whoever is answered says whether it is solved."""
    if case.from_worker:
        return reverse("feedback:my-complaints")
    return reverse("feedback:client-case", args=[case.pk])


@on("reviewcase.remind")
def remind_of_answer(payload: Payload, now: datetime) -> None:
    """The client has not said whether it is solved."""
    related = ("order", "client", "complaint__reporter")
    case = ReviewCase.objects.select_related(*related).get(pk=payload["id"])
    if case.round != payload["round"]:
        return
    until = answer_until(case) or now
    notices.tell(
        members(case),
        "case.reminder",
        case,
        now=now,
        key=f"{case.pk}:{case.round}:{payload['n']}",
        data=about(case, until_at=until.isoformat()),
        url=answered_at(case),
        while_state=CaseStatus.REPORTED,
    )


@on("reviewcase.fix_due")
def remind_of_fix(payload: Payload, now: datetime) -> None:
    """The day of a promised fix has come; not if it is done, or its day was changed."""
    related = ("case__order", "case__client", "case__complaint", "case__owner", "fix_owner")
    turn = CaseRound.objects.select_related(*related).get(pk=payload["id"])
    owner = turn.fix_owner or turn.case.owner
    if turn.fix_done_at is not None or owner is None or turn.fix_by is None:
        return
    data = about(turn.case, fix=turn.fix)
    notices.tell(
        [owner], "case.fix_due", turn.case, now=now, key=f"{turn.pk}:{turn.fix_by}", data=data, url=desk(turn.case)
    )


@on("staff.away")
def cover(payload: Payload, now: datetime) -> None:
    """Somebody's absence has begun."""
    owners.cover(payload["id"], now)


@on("reviewcase.hand_over")
def tell_of_hand_over(payload: Payload, now: datetime) -> None:
    """Whoever has the case now hears of it."""
    related = ("order", "client", "complaint__reporter", "owner", "substitute")
    case = ReviewCase.objects.select_related(*related).get(pk=payload["id"])
    people = [case.owner] if case.owner else []
    key = str(payload["event"])
    notices.tell(people, "case.yours", case, now=now, key=key, data=about(case), url=desk(case))


def _note(pk: int) -> CreditNote:
    related = ("case__order", "case__client", "case__complaint__reporter", "requested_by")
    return CreditNote.objects.select_related(*related).get(pk=pk)


def _about_note(note: CreditNote) -> dict[str, Any]:
    return about(note.case, amount=str(note.amount), reason=note.reason, who=note.requested_by.name)


@on("creditnote.request")
def ask_second_person(payload: Payload, now: datetime) -> None:
    """Managers hear of money that waits for a second person."""
    note = _note(payload["id"])
    people = User.objects.filter(role=Role.MANAGER, is_active=True).exclude(pk=note.requested_by_id)
    key = str(note.pk)
    notices.tell(people, "credit.request", note, now=now, key=key, data=_about_note(note), url=desk(note.case))


@on("creditnote.decided")
def tell_client_of_credit(payload: Payload, now: datetime) -> None:
    """The client hears of money that comes back."""
    note = _note(payload["id"])
    if note.status == CreditNote.Status.APPROVED:
        url = answered_at(note.case)
        key = str(note.pk)
        notices.tell(members(note.case), "credit.client", note, now=now, key=key, data=_about_note(note), url=url)
