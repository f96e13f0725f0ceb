"""What papers, checks and the vault keep about a worker: told, handed out, and who looked at it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from staffing.core import forgetting
from staffing.core.models import AuditEvent, User
from staffing.core.personal import Closing, Holder, Stored, Use, register
from workers.models import Clearance, PapersPolicy, VaultEntry, Worker
from workers.services import retention, vault


def stored() -> Sequence[Stored]:
    """Pictures, checks, numbers."""
    policy = PapersPolicy.current()
    pictures = text("审核后 %(kept)s 天，未通过的 %(refused)s 天；注销账号时立即删除")
    numbers = text("离开后 %(kept)s 天；注销账号时立即删除")
    return [
        Stored(
            _("您上传的证书、学历等图片"),
            _("核实您的资质"),
            pictures % {"kept": policy.scan_days, "refused": policy.refused_days},
        ),
        Stored(_("背景核查的级别、依据和审核人"), _("决定哪些班次可以派给您"), _("直到注销账号")),
        Stored(
            _("身份证号和银行卡号（加密保存，页面上只显示首尾几位）"),
            _("签约、报税和发放报酬"),
            numbers % {"kept": policy.vault_days},
        ),
    ]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """All of it; numbers by their ends, as everywhere: a file travels."""
    worker = Worker.objects.get(user=user)
    papers = worker.documents.order_by("sent_at", "pk").values(
        "certificate__name_zh", "skill__name_zh", "language__name_zh", "course__name_zh", "level", "status",
        "remark", "sent_at", "decided_at", "decision", "issuer", "number", "valid_until",
    )  # fmt: skip
    checks = worker.checks.order_by("requested_at", "pk")
    return {
        "papers": list(papers),
        "background_checks": list(checks.values("level", "status", "source", "requested_at", "valid_until", "reason")),
        "numbers": list(worker.vault.order_by("kind").values("kind", "hint", "changed_at")),
    }


def uses(user: User) -> list[Use]:
    """Every time somebody looked at a number in full, and why."""
    worker = Worker.objects.get(user=user)
    names = {f"{vault.REVEALED}_{kind.value}": kind.label for kind in VaultEntry.Kind}
    about = AuditEvent.objects.filter(subject_type="worker", subject_id=worker.pk, action__in=names)
    words = text("%(who)s 查看了您的%(kind)s：%(reason)s")
    return [
        Use(row.at, words % {"who": row.actor and row.actor.name, "kind": names[row.action], "reason": row.reason})
        for row in about.select_related("actor")
    ]


def erase(closing: Closing) -> None:
    """Everything goes; what was done stays, under the number."""
    worker = Worker.objects.get(user=closing.user)
    for model, ids in retention.subjects_of(worker):
        about = AuditEvent.objects.filter(subject_type=model._meta.model_name, subject_id__in=ids)
        forgetting.in_audit(about, closing)
    retention.erase_of(worker)
    worker.clearance, worker.clearance_until = Clearance.NONE, None
    worker.save(update_fields=["clearance", "clearance_until"])


register(Holder(app="workers papers", stored=stored, tables=tables, uses=uses, erase=erase))
