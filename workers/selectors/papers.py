"""Reads of papers, background checks, and what is kept encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from workers.models import BackgroundCheck, Clearance, Document, PapersPolicy, VaultEntry, Worker
from workers.paper_states import OPEN_CHECKS, CheckStatus, DocumentStatus
from workers.services import expiring
from workers.services.expiring import Ending

CATALOGUES = ("certificate", "skill", "language", "course")


def documents() -> QuerySet[Document]:
    """Papers with whose they are and what they are about."""
    return Document.objects.select_related("worker__user", *CATALOGUES)


def waiting() -> QuerySet[Document]:
    """What waits for a decision, the oldest first."""
    return documents().filter(status=DocumentStatus.WAITING).order_by("sent_at", "pk")


def after(row: Document) -> Document | None:
    """Whatever comes next in turn, from the beginning again after the last; None if nothing else waits."""
    others = list(waiting().exclude(pk=row.pk))
    later = (other for other in others if (other.sent_at, other.pk) > (row.sent_at, row.pk))
    return next(later, others[0] if others else None)


def shown_to(user: Any) -> QuerySet[Document]:
    """The papers a person may look at: a worker's own, all for the agency."""
    return Document.objects.filter(worker__user=user) if user.role == "worker" else Document.objects.all()


def checks_shown_to(user: Any) -> QuerySet[BackgroundCheck]:
    """The same for what a background check rests on; the worker sees its outcome, not the paper."""
    return BackgroundCheck.objects.none() if user.role == "worker" else BackgroundCheck.objects.all()


@dataclass(frozen=True, slots=True)
class Held:
    """One thing a worker has: its name, until when it counts, and how that stands.

    `about` names it for a new upload. `state`: verified, said (not verified), over, soon; `waits`: a picture is under
    review; `refused`: why the latest was turned down.
    """

    about: str
    name: str
    verified: bool
    until: date | None
    left: int | None
    soon: bool
    waits: Document | None
    refused: Document | None

    @property
    def over(self) -> bool:
        """Whether its last day has passed."""
        return self.left is not None and self.left < 0

    @property
    def wants(self) -> bool:
        """Whether a new picture is of use now; what is verified and counts for long needs none."""
        return not self.verified or self.over or self.soon or self.refused is not None


def held_by(worker: Worker, now: datetime) -> list[Held]:
    """All that a worker has or has sent in, what needs them first. Six queries."""
    today, policy = timezone.localdate(now), PapersPolicy.current()
    latest = _latest(worker)
    found = [_held(each, latest, today, policy) for each in _having(worker)]
    known = {each.about for each in found}
    found += [_sent(about, row) for about, row in latest.items() if about not in known]
    return sorted(found, key=_urgency)


def _urgency(each: Held) -> tuple[Any, ...]:
    pressing = each.over or each.soon or each.refused is not None
    return not pressing, each.waits is None, each.until or date.max, each.name


def _having(worker: Worker) -> list[tuple[str, str, bool, date | None]]:
    """Key, name, verified, last day."""
    certificates = worker.certificates.select_related("type")
    rows: list[tuple[str, str, bool, date | None]] = [
        (f"certificate-{row.type_id}", row.type.name, row.verified_on is not None, row.expires_on)
        for row in certificates
    ]
    for row in worker.skills.select_related("skill"):
        rows.append((f"skill-{row.skill_id}", str(row), row.verified_on is not None, row.valid_until))
    for speaks in worker.languages.select_related("language"):
        rows.append((f"language-{speaks.language_id}", str(speaks), speaks.verified_on is not None, speaks.valid_until))
    for passed in worker.courses.select_related("course"):
        rows.append((f"course-{passed.course_id}", passed.course.name, True, passed.valid_until))
    return rows


def _latest(worker: Worker) -> dict[str, Document]:
    """The latest paper about each thing, unless it was taken back."""
    rows = worker.documents.select_related(*CATALOGUES).exclude(status=DocumentStatus.WITHDRAWN)
    return {f"{row.kind}-{row.subject.pk}": row for row in rows.order_by("sent_at", "pk")}


def _held(
    each: tuple[str, str, bool, date | None], latest: dict[str, Document], today: date, policy: PapersPolicy
) -> Held:
    about, name, verified, until = each
    left = (until - today).days if until else None
    soon = left is not None and 0 <= left <= policy.warn_first_days
    return Held(about, name, verified, until, left, soon, *_review(latest.get(about)))


def _sent(about: str, row: Document) -> Held:
    return Held(about, row.subject.name, False, None, None, False, *_review(row))


def _review(row: Document | None) -> tuple[Document | None, Document | None]:
    waits = row if row and row.status == DocumentStatus.WAITING else None
    return waits, row if row and row.status == DocumentStatus.REFUSED else None


def checks() -> QuerySet[BackgroundCheck]:
    """Background checks with everybody who had a part in them."""
    people = ("requested_by", "first_by", "second_by", "closed_by")
    return BackgroundCheck.objects.select_related("worker__user", *people)


def open_checks() -> QuerySet[BackgroundCheck]:
    """Those that wait for a first or a second word, the oldest first."""
    return checks().filter(status__in=OPEN_CHECKS).order_by("requested_at", "pk")


def standing_checks() -> QuerySet[BackgroundCheck]:
    """Those that count, the one that ends first first."""
    return checks().filter(status=CheckStatus.PASSED).order_by("valid_until", "pk")


def ending(now: datetime) -> list[Ending]:
    """What ends within the policy's days, soonest first."""
    today = timezone.localdate(now)
    return expiring.endings(today, today + timedelta(days=PapersPolicy.current().warn_first_days))


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of number of a worker: its row if there is one, and whose row holds the same."""

    kind: str
    label: Any
    row: VaultEntry | None
    same: Sequence[Worker]

    @property
    def mine(self) -> str:
        """The view in which its owner changes it."""
        return f"workers:my-{self.kind}"

    @property
    def reveal(self) -> str:
        """The view that shows it in full."""
        return f"workers:reveal-{self.kind}"


def kept_of(worker: Worker) -> list[Kept]:
    """Each kind, whether there is something or not. Two queries; one more where a number is somebody else's as well."""
    rows = {row.kind: row for row in worker.vault.all()}
    twins = VaultEntry.objects.filter(digest__in=[row.digest for row in rows.values()]).exclude(worker=worker)
    same = list(twins.select_related("worker__user"))
    return [
        Kept(kind.value, kind.label, rows.get(kind.value), [row.worker for row in same if row.kind == kind])
        for kind in VaultEntry.Kind
    ]


def steps_of(row: BackgroundCheck) -> list[dict[str, Any]]:
    """What happened to a check, for the timeline."""
    told: list[tuple[datetime | None, str, Any, str]] = [
        (row.requested_at, _("建档前已有") if row.imported else _("发起"), row.requested_by, row.source),
        (row.first_at, _("第一人审核通过") if row.level == Clearance.HIGH else _("审核通过"), row.first_by, ""),
        (row.second_at, _("第二人复核通过"), row.second_by, ""),
        (row.closed_at, capfirst(row.get_status_display()), row.closed_by, row.reason),
    ]
    return [
        {"at": at, "title": title, "who": who.name if who else "", "text": text} for at, title, who, text in told if at
    ]
