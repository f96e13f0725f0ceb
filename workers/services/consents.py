"""Giving and withdrawing consent to the use of one's position. Withdrawing is as easy as giving, and both repeat."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from workers.models import Worker
from workers.models.consent import PositionConsent

# Raised whenever the text below changes in meaning: a consent to an older text no longer counts.
VERSION = 1
TEXT = _(
    "打卡时，手机会把您当时的位置发给我们，只用来核对您是否在服务地点。"
    "我们只在您按下打卡按钮时读取位置，只接受班次开始前的打卡时段到签退之间的位置，保存期满后自动删除坐标。"
    "不同意也能工作：可以扫描现场的打卡码、提交外勤照片，或请调度代为打卡。您可以随时撤回同意。"
)


@transaction.atomic
def give(worker: Worker, now: datetime) -> PositionConsent:
    """Consent to the present text. One to an older text ends here. Repeating it changes nothing."""
    _lock(worker)
    open_ = PositionConsent.objects.filter(worker=worker, withdrawn_at__isnull=True).first()
    if open_ is not None and open_.version == VERSION:
        return open_
    _end(worker, now)
    return PositionConsent.objects.create(worker=worker, version=VERSION, given_at=now)


@transaction.atomic
def withdraw(worker: Worker, now: datetime) -> bool:
    """Take the consent back, from now on. False if there was none; repeating it changes nothing."""
    _lock(worker)
    return _end(worker, now) > 0


def has_consent(worker: Worker, now: datetime) -> bool:
    """Whether the position may be used at this time: a consent to the present text that was not withdrawn."""
    asked = PositionConsent.objects.filter(worker=worker, version=VERSION, given_at__lte=now)
    return asked.exclude(withdrawn_at__lte=now).exists()


def agreed(now: datetime) -> Exists:
    """`has_consent` for a queryset of workers."""
    asked = PositionConsent.objects.filter(worker=OuterRef("pk"), version=VERSION, given_at__lte=now)
    return Exists(asked.exclude(withdrawn_at__lte=now))


def _lock(worker: Worker) -> None:
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)


def _end(worker: Worker, now: datetime) -> int:
    return PositionConsent.objects.filter(worker=worker, withdrawn_at__isnull=True).update(withdrawn_at=now)
