"""A worker closes their account: asked twice, refused while anybody still counts on them, and for good."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, personal
from staffing.core.actors import Actor
from staffing.core.errors import Conflict
from workers.models import Worker


def name_after(worker: Worker) -> str:
    """What somebody is called once they are gone: a number, the same everywhere."""
    return f"已注销员工 #{worker.pk}"  # i18n: data


@transaction.atomic
def close(worker: Worker, *, by: Actor, now: datetime) -> None:
    """End the login and forget the person; hours, pay and audit stay, under a number. Repeating it changes nothing.

    Raises `Conflict` `still_needed` while a shift is booked or hours are not approved.
    """
    user = worker.user
    if worker.status == Worker.Status.LEFT and not user.is_active:
        return
    closing = personal.Closing(user, name_after(worker), by, now)
    personal.settle(closing)
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    if personal.obstacles(user, now):
        raise Conflict("still_needed", _("还有未完成的班次或未结清的工时，暂时不能注销。"))
    audit.record(worker, "close_account", by=by, now=now)
    personal.erase(closing)
