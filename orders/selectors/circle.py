"""A client's lists with who put whom there, and what was changed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from orders.models import Client, ConflictOfInterest, DoNotSend, TeamMember
from staffing.core.models import AuditEvent
from workers.models import Worker

PAST = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One of the lists. A conflict of interest is ended where it was declared, not here."""

    kind: str
    title: str
    rows: list[Any]
    removable: bool = True


def parts(client: Client) -> list[Part]:
    """The three lists. Two queries."""
    related = ("worker__user", "added_by")
    team = TeamMember.objects.filter(client=client).select_related(*related).order_by("created_at", "pk")
    barred = list(DoNotSend.objects.filter(client=client).select_related(*related).order_by("created_at", "pk"))
    wish, conflict = DoNotSend.Kind.WISH, DoNotSend.Kind.CONFLICT
    return [
        Part("team", _("固定团队"), list(team)),
        Part("wish", _("不再派遣"), [row for row in barred if row.kind == wish]),
        Part("conflict", _("利益冲突"), [row for row in barred if row.kind == conflict], removable=False),
    ]


def history(client: Client) -> list[dict[str, Any]]:
    """What was added and removed, the newest first. Two queries."""
    kinds = [TeamMember._meta.model_name, DoNotSend._meta.model_name]
    rows = AuditEvent.objects.filter(subject_type__in=kinds, data__client=client.pk).select_related("actor")
    events = list(rows.order_by("-at", "-pk")[:PAST])
    people = Worker.objects.filter(pk__in=[event.data.get("worker") for event in events])
    names = dict(people.values_list("pk", "user__name"))
    return [_event(event, names) for event in events]


def _event(event: AuditEvent, names: dict[int, str]) -> dict[str, Any]:
    added = {"teammember": _("%(name)s 加入固定团队"), "donotsend": _("%(name)s 列入不派遣名单")}
    removed = {"teammember": _("%(name)s 移出固定团队"), "donotsend": _("%(name)s 移出不派遣名单")}
    title = (added if event.action == "add" else removed)[event.subject_type]
    name = names.get(event.data.get("worker", 0), "—")
    who = event.actor.name if event.actor else _("系统")
    return {"at": event.at, "title": title % {"name": name}, "text": event.reason, "who": who}


def conflicts() -> Any:
    """Those that hold, the ones without a client first."""
    rows = ConflictOfInterest.objects.filter(ended_at=None).select_related("worker__user", "client", "declared_by")
    return rows.order_by(F("client").asc(nulls_first=True), "-declared_at", "-pk")
