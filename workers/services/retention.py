"""How long papers, checks and numbers are kept: the policy's days, after which a sweep deletes them.

Facts stay where accounts and audit need them: that a paper was accepted, by whom and until when. The picture of it, a
refused paper, and the numbers of somebody who has left do not.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from staffing.core import private_files
from workers.models import BackgroundCheck, Document, ExpiryWarning, PapersPolicy, VaultEntry, Worker
from workers.paper_states import DocumentStatus
from workers.services import checks, expiring

NO_PICTURE = {"file": "", "small": "", "width": 0, "height": 0}
KEEP_WARNINGS = timedelta(days=400)


def sweep_all(now: datetime) -> int:
    """The hourly pass over papers: what is over ends, what ends soon is noticed, what is old goes. How many rows."""
    return checks.expire(now) + expiring.sweep(now) + sweep(now)


def sweep(now: datetime) -> int:
    """Delete what was kept long enough; returns how many rows were touched."""
    policy = PapersPolicy.current()
    old, refused = now - timedelta(days=policy.scan_days), now - timedelta(days=policy.refused_days)
    turned_down = (DocumentStatus.REFUSED, DocumentStatus.WITHDRAWN)
    gone = Document.objects.filter(Q(decided_at__lt=refused) | Q(decided_at=None, sent_at__lt=refused))
    count = _delete(gone.filter(status__in=turned_down))
    count += _without_pictures(Document.objects.filter(decided_at__lt=old).exclude(file=""))
    count += _without_pictures(BackgroundCheck.objects.filter(decided_at__lt=old).exclude(file=""))
    ExpiryWarning.objects.filter(noticed_at__lt=now - KEEP_WARNINGS).delete()
    return count + _numbers_of_who_left(now, timedelta(days=policy.vault_days))


@transaction.atomic
def _numbers_of_who_left(now: datetime, keep: timedelta) -> int:
    """Whoever has left has a day on which their numbers go; whoever is back has none."""
    left = Q(worker__status=Worker.Status.LEFT)
    VaultEntry.objects.filter(left, delete_at=None).update(delete_at=now + keep)
    VaultEntry.objects.filter(~left, delete_at__isnull=False).update(delete_at=None)
    return VaultEntry.objects.filter(left, delete_at__lte=now).delete()[0]


@transaction.atomic
def _without_pictures(rows: "QuerySet[Document] | QuerySet[BackgroundCheck]") -> int:
    names = _files(rows)
    touched = rows.update(**NO_PICTURE)
    transaction.on_commit(lambda: private_files.remove(names))
    return touched


@transaction.atomic
def _delete(rows: "QuerySet[Document] | QuerySet[BackgroundCheck]") -> int:
    names = _files(rows)
    count = rows.delete()[0]
    transaction.on_commit(lambda: private_files.remove(names))
    return count


def _files(rows: "QuerySet[Document] | QuerySet[BackgroundCheck]") -> list[str]:
    locked: list[tuple[str, str]] = list(rows.select_for_update().values_list("file", "small"))
    return [name for pair in locked for name in pair if name]


def erase_of(worker: Worker) -> None:
    """Papers, checks, warnings and numbers of somebody whose account is closed; the files go after the commit."""
    _delete(Document.objects.filter(worker=worker))
    _delete(BackgroundCheck.objects.filter(worker=worker))
    worker.expiry_warnings.all().delete()
    worker.vault.all().delete()


def subjects_of(worker: Worker) -> list[tuple[type[Model], list[int]]]:
    """The rows of a worker's that audit events are about."""
    return [
        (Document, list(worker.documents.values_list("pk", flat=True))),
        (BackgroundCheck, list(worker.checks.values_list("pk", flat=True))),
    ]
