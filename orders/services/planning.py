"""What a client keeps to order again: templates, and orders that repeat by themselves every week."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import kept
from orders.models import Client, Order, OrderPolicy, OrderTemplate, RecurringOrder
from orders.services import ordering, posting
from orders.services.ordering import OrderSpec, ShiftSpec
from orders.services.posting import NewSite
from staffing.core import audit, outbox
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, DomainError, Invalid

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
# Names the form of a week's order, so that writing it twice gives one order.
NAMESPACE = uuid.UUID("6f0d3f0e-5d0b-4a27-9a55-0a5f6a1c7b42")
TAKEN = _("已有同名模板，请换一个名称。")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a template orders itself; weeks are Mondays, `weekdays` (0 = Monday) those of the template's first day."""

    weekdays: Sequence[int]
    first_week: date
    last_week: date | None
    days_ahead: int


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one week: its order, how many of its shifts had passed already, or why there is none."""

    order: Order | None = None
    passed: int = 0
    problem: str = ""


@transaction.atomic
def save_template(
    client: Client, name: str, spec: OrderSpec, *, new_site: NewSite | None = None, by: Actor, now: datetime
) -> OrderTemplate:
    """Keep an order under a name, and its new place with it. Raises `Invalid` for a name that is empty or taken."""
    assert by.user is not None
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if new_site is not None:
        spec = replace(spec, site=posting.add_site(client, new_site, by=by, now=now))
    template = OrderTemplate(client=client, name=_free(client, name), created_by=by.user, created_at=now)
    template.values, template.shifts = kept.values_of(spec), kept.shifts_of(spec.shifts)
    template.save(force_insert=True)
    audit.record(template, "create", by=by, now=now)
    return template


def _free(client: Client, name: str, but: int | None = None) -> str:
    if not (short := name.strip()[:60]):
        raise Invalid("no_name", _("请填写模板名称。"))
    if OrderTemplate.objects.filter(client=client, name=short).exclude(pk=but or 0).exists():
        raise Invalid("name_taken", TAKEN)
    return short


@transaction.atomic
def rename_template(template_id: int, name: str, *, by: Actor, now: datetime) -> OrderTemplate:
    """Give a template another name. Raises as `save_template`."""
    client = Client.objects.select_for_update(no_key=True).get(templates=template_id)
    template = OrderTemplate.objects.get(pk=template_id)
    template.name = _free(client, name, but=template_id)
    template.save(update_fields=["name"])
    audit.record(template, "rename", by=by, now=now)
    return template


@transaction.atomic
def delete_template(template_id: int, *, by: Actor, now: datetime) -> None:
    """Throw a template away, with what repeated it once. Raises `Conflict` while it still repeats itself."""
    template = OrderTemplate.objects.select_for_update().get(pk=template_id)
    if template.recurring.filter(stopped_at__isnull=True).exists():
        raise Conflict("still_recurring", _("还有周期订单在使用这个模板，请先停止它。"))
    audit.record(template, "delete", by=by, now=now)
    template.recurring.all().delete()
    template.delete()


def used(template_id: int, now: datetime) -> None:
    """A form is filled from the template."""
    OrderTemplate.objects.filter(pk=template_id).update(used_at=now)


@transaction.atomic
def repeat(template: OrderTemplate, rhythm: Rhythm, *, by: Actor, now: datetime) -> RecurringOrder:
    """Let a template order itself every week. Raises `Invalid` for a rhythm that makes no sense."""
    assert by.user is not None
    _check(rhythm, now)
    row = RecurringOrder.objects.create(
        template=template,
        weekdays=sorted(set(rhythm.weekdays)),
        first_week=monday(rhythm.first_week),
        last_week=monday(rhythm.last_week) if rhythm.last_week else None,
        days_ahead=rhythm.days_ahead,
        created_by=by.user,
        created_at=now,
    )
    audit.record(row, "create", by=by, now=now)
    _announce(row, row.first_week, now)
    return row


def _check(rhythm: Rhythm, now: datetime) -> None:
    if not rhythm.weekdays or not set(rhythm.weekdays) <= set(range(7)):
        raise Invalid("no_weekday", _("请至少选择一个星期几。"))
    # The last day of the week must not lie further ahead than orders may.
    most = OrderPolicy.current().max_days_ahead - WEEK.days
    if not 1 <= rhythm.days_ahead <= most:
        raise Invalid("days_ahead", _("提前天数须为 1 到 %(most)s 天。"), most=most)
    if monday(rhythm.first_week) < monday(timezone.localdate(now)):
        raise Invalid("first_week", _("第一周不能早于本周。"))
    if rhythm.last_week and monday(rhythm.last_week) < monday(rhythm.first_week):
        raise Invalid("last_week", _("最后一周不能早于第一周。"))


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - day.weekday() * DAY


def due_at(row: RecurringOrder, week: date, policy: OrderPolicy) -> datetime:
    """When the order of a week is written."""
    return timezone.make_aware(datetime.combine(week - row.days_ahead * DAY, time(policy.recurring_hour)))


def _announce(row: RecurringOrder, week: date, now: datetime) -> None:
    payload = {"id": row.pk, "week": week.isoformat()}
    due = max(now, due_at(row, week, OrderPolicy.current()))
    outbox.publish("recurring.order", payload, key=f"{row.pk}:{week}", now=now, due_at=due)


@transaction.atomic
def stop(recurring_id: int, *, by: Actor, now: datetime) -> RecurringOrder:
    """No order is written any more; those that are written stay. Repeating it changes nothing."""
    row = RecurringOrder.objects.select_for_update().get(pk=recurring_id)
    if row.stopped_at is None:
        row.stopped_at = now
        row.save(update_fields=["stopped_at"])
        audit.record(row, "stop", by=by, now=now)
    return row


@transaction.atomic
def order_week(recurring_id: int, week: date, now: datetime) -> Written | None:
    """Write and submit the order of a week, and see to it that the next one comes.

    None where there is nothing to do: stopped, over, or written before. After an outage the weeks come one by one:
    shifts that have begun are left out.
    """
    row = RecurringOrder.objects.select_for_update().filter(pk=recurring_id).first()
    if row is None or row.stopped_at is not None or (row.last_week and week > row.last_week):
        return None
    if row.last_week is None or week < row.last_week:
        _announce(row, week + WEEK, now)
    if Order.objects.filter(recurring=row, recurring_week=week).exists():
        return None
    written = _attempt(row, week, now)
    row.problem = written.problem[:300]
    row.save(update_fields=["problem"])
    return written


def _attempt(row: RecurringOrder, week: date, now: datetime) -> Written:
    shifts = shifts_in(row, week)
    ahead = [shift for shift in shifts if shift.start > now]
    if not ahead:
        return Written(passed=len(shifts), problem=str(_("这一周的班次时间都已过，没有下单。")))
    try:
        with transaction.atomic():
            order = _write(row, week, ahead, now)
    except DomainError as refusal:
        return Written(passed=len(shifts) - len(ahead), problem=str(refusal))
    return Written(order, len(shifts) - len(ahead))


def shifts_in(row: RecurringOrder, week: date) -> list[ShiftSpec]:
    """All shifts of a week, in the order of their times; two that are alike count once."""
    days = [week + weekday * DAY for weekday in row.weekdays]
    found = {shift for day in days for shift in kept.shifts_on(row.template.shifts, day)}
    return sorted(found, key=lambda shift: (shift.start, shift.end, shift.headcount))


def _write(row: RecurringOrder, week: date, shifts: Sequence[ShiftSpec], now: datetime) -> Order:
    template = row.template
    client = template.client
    member = client.members.filter(user=row.created_by, may_order=True, user__is_active=True)
    if not client.is_active or not member.exists():
        raise Invalid("no_right", _("设置人已没有下单权限，请由其他同事重新设置。"))
    by, key = actor_of(row.created_by), uuid.uuid5(NAMESPACE, f"{row.pk}:{week}")
    order = ordering.create(kept.spec_of(template, client, shifts, key), client, by=by, now=now)
    order.recurring, order.recurring_week = row, week
    order.save(update_fields=["recurring", "recurring_week"])
    template.used_at = now
    template.save(update_fields=["used_at"])
    return ordering.submit(order.pk, by=by, now=now)
