"""Celery tasks of the order line: thin, they only call a service."""

from celery import shared_task

from orders.services import attendance, batch, drafts, matching, photos, readiness, site_codes
from staffing.core import clock


@shared_task(name="orders.tasks.erase_positions")
def erase_positions() -> int:
    """Forget positions older than the retention time."""
    return attendance.erase_positions(clock.now())


@shared_task(name="orders.tasks.sweep_proofs")
def sweep_proofs() -> int:
    """Forget photos, spans of remote work and wrong codes older than the policy keeps them."""
    now = clock.now()
    return photos.sweep(now) + readiness.sweep(now) + site_codes.forget_attempts(now)


@shared_task(name="orders.tasks.batch")
def plan_together() -> int | None:
    """Plan the coming days together if that is due; the run's id."""
    found = batch.wake(clock.now())
    return None if found is None else found.pk


@shared_task(name="orders.tasks.empty_masks")
def empty_masks() -> int:
    """Forget the masks of old answers."""
    return matching.empty_masks(clock.now())


@shared_task(name="orders.tasks.sweep_drafts")
def sweep_drafts() -> int:
    """Forget half-filled forms that nobody came back to."""
    return drafts.sweep(clock.now())
