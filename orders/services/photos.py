"""Photos from the service: kept under random names where no server hands out files, seen by whom they concern."""

from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, ServicePhoto, ServicePolicy
from orders.services import locks
from orders.states import AssignmentStatus
from staffing.core import photos
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden
from staffing.core.private_files import remove, write
from workers.models import Worker


def add(assignment_id: int, file: BinaryIO, *, remark: str, by: Actor, now: datetime) -> ServicePhoto:
    """A photo of the running service by its worker. Raises `Invalid` for what is no safe picture, `Conflict` if nobody
    is at work or there are as many as the policy allows."""
    safe = photos.clean(file)
    with transaction.atomic():
        work = locks.assignment(assignment_id)
        if by.user != work.worker.user:
            raise Forbidden("not_yours", _("您没有执行此操作的权限。"))
        if work.status != AssignmentStatus.CHECKED_IN:
            raise Conflict("not_at_work", _("上班打卡之后、下班打卡之前可以上传照片。"))
        return keep(work, safe, remark=remark, now=now)


def keep(work: Assignment, safe: photos.Safe, *, remark: str, now: datetime) -> ServicePhoto:
    """Keep a clean picture with a locked booking. Raises `Conflict` if there are too many."""
    most = ServicePolicy.current().photos_each
    if work.photos.count() >= most:
        raise Conflict("too_many_photos", _("每个班次最多 %(most)s 张照片。"), most=most)
    file, small = write(safe)
    try:
        row = ServicePhoto(assignment=work, file=file, small=small, remark=remark[:300], at=now)
        row.width, row.height = safe.width, safe.height
        row.save()
    except BaseException:
        remove([file, small])
        raise
    return row


def sweep(now: datetime) -> int:
    """Delete photos older than the policy keeps them; returns how many."""
    old = now - timedelta(days=ServicePolicy.current().photo_retention_days)
    return _delete(ServicePhoto.objects.filter(at__lt=old))


def erase_of(worker: Worker) -> int:
    """Delete every photo a worker has taken; returns how many."""
    return _delete(ServicePhoto.objects.filter(assignment__worker=worker))


def _delete(rows: QuerySet[ServicePhoto]) -> int:
    found = list(rows.values_list("pk", "file", "small"))
    ServicePhoto.objects.filter(pk__in=[pk for pk, _file, _small in found]).delete()
    names = [name for _pk, *files in found for name in files]
    transaction.on_commit(lambda: remove(names))
    return len(found)
