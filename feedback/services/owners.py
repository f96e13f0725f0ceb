"""Who looks after a case: the least loaded who is there, a higher one if not solved, another one in absence."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import ReviewCase, StaffAbsence
from feedback.states import RUNNING
from staffing.core import audit, outbox
from staffing.core.actors import AGENCY_ROLES, SYSTEM, Actor
from staffing.core.errors import Forbidden, Invalid
from staffing.core.models import Role, User

Pair = tuple[User | None, User | None]


def absences_on(day: date) -> QuerySet[StaffAbsence]:
    """Absences that cover a local day."""
    return StaffAbsence.objects.filter(first_day__lte=day, last_day__gte=day)


def is_there(user: User | None, now: datetime) -> bool:
    """Whether somebody may be asked: active, and not absent today."""
    if user is None or not user.is_active:
        return False
    return not absences_on(timezone.localdate(now)).filter(user=user).exists()


def there(role: str, now: datetime, *, but: tuple[User | None, ...] = ()) -> QuerySet[User]:
    """Who of a role is there today, the fewest open cases first."""
    open_cases = Count("owned_cases", filter=Q(owned_cases__closed_at__isnull=True))
    found = User.objects.filter(role=role, is_active=True)
    found = found.exclude(pk__in=absences_on(timezone.localdate(now)).values("user"))
    found = found.exclude(pk__in=[one.pk for one in but if one is not None])
    return found.annotate(load=open_cases).order_by("load", "pk")


def first_pair(now: datetime) -> Pair:
    """Owner and substitute of a new case: the two dispatchers with the fewest open ones."""
    first, second, *_rest = [*there(Role.DISPATCHER, now)[:2], None, None]
    return first, second


def higher_pair(case: ReviewCase, now: datetime) -> Pair:
    """Owner and substitute after "not solved": the substitute, and from the second time on a manager.

    Where nobody higher is there, the owner stays.
    """
    owner = _substitute(case, now) or there(Role.MANAGER, now, but=(case.owner,)).first() or case.owner
    return owner, there(Role.DISPATCHER, now, but=(owner, case.owner)).first()


def _substitute(case: ReviewCase, now: datetime) -> User | None:
    usable = case.round <= 1 and case.substitute != case.owner and is_there(case.substitute, now)
    return case.substitute if usable else None


@transaction.atomic
def away(user: User, first_day: date, last_day: date, *, note: str = "", by: Actor, now: datetime) -> StaffAbsence:
    """Write down when somebody is away; on the first day their running cases go to the substitutes.

    The same again changes nothing. `Forbidden` for somebody else's absence unless a manager enters it; `Invalid` for
    days that end before they begin or are over, and for people who are not of the agency.
    """
    if by.user is None or (by.user != user and by.role != Role.MANAGER):
        raise Forbidden("not_yours", _("只有本人或经理可以登记。"))
    if user.role not in AGENCY_ROLES or last_day < first_day or last_day < timezone.localdate(now):
        raise Invalid("bad_absence", _("请选择从今天起的日期，结束日不早于开始日。"))
    values = {"note": note.strip()[:200], "entered_by": by.user, "entered_at": now}
    row, fresh = StaffAbsence.objects.get_or_create(user=user, first_day=first_day, last_day=last_day, defaults=values)
    if fresh:
        event = audit.record(row, "away", by=by, now=now, reason=row.note, data={"user": user.pk})
        begins = timezone.make_aware(datetime.combine(first_day, time.min))
        outbox.publish("staff.away", {"id": row.pk}, key=str(event.pk), now=now, due_at=max(begins, now))
    return row


@transaction.atomic
def back(absence_id: int, *, by: Actor, now: datetime) -> None:
    """Take an absence back, or end it today; cases that went to others stay with them. Repeating it changes nothing."""
    row = StaffAbsence.objects.select_for_update().filter(pk=absence_id).first()
    if row is None:
        return
    if by.user != row.user and by.role != Role.MANAGER:
        raise Forbidden("not_yours", _("只有本人或经理可以登记。"))
    audit.record(row, "back", by=by, now=now, data={"user": row.user_id})
    yesterday = timezone.localdate(now) - timedelta(days=1)
    if row.first_day > yesterday:
        row.delete()
    else:
        row.last_day = min(row.last_day, yesterday)
        row.save(update_fields=["last_day"])


@transaction.atomic
def cover(absence_id: int, now: datetime) -> list[int]:
    """Hand the running cases of somebody who is away to their substitutes; which ones. Nothing if they are there."""
    row = StaffAbsence.objects.filter(pk=absence_id).select_related("user").first()
    if row is None or is_there(row.user, now):
        return []
    mine = ReviewCase.objects.filter(status__in=RUNNING).filter(Q(owner=row.user) | Q(substitute=row.user))
    cases = mine.select_for_update(of=("self",), no_key=True).select_related("owner", "substitute").order_by("pk")
    return [case.pk for case in cases if hand_over(case, now)]


def hand_over(case: ReviewCase, now: datetime) -> bool:
    """Give a locked case to somebody who is there: the substitute, else another dispatcher, else a manager.

    False if owner and substitute are both there, or nobody else is.
    """
    before = case.owner, case.substitute
    if not is_there(case.owner, now):
        standing = case.substitute if is_there(case.substitute, now) else None
        case.owner = standing or there(Role.DISPATCHER, now).first() or there(Role.MANAGER, now).first() or case.owner
    if case.substitute is not None and (case.substitute == case.owner or not is_there(case.substitute, now)):
        case.substitute = there(Role.DISPATCHER, now, but=(case.owner,)).first()
    if (case.owner, case.substitute) == before:
        return False
    case.save(update_fields=["owner", "substitute"])
    tell(case, before[0], now)
    return True


def tell(case: ReviewCase, before: User | None, now: datetime) -> None:
    """Write down that a case went from one to another, and have whoever has it now told."""
    names = {"from": before.name if before else "", "to": case.owner.name if case.owner else ""}
    event = audit.record(case, "hand_over", by=SYSTEM, now=now, data=names)
    outbox.publish("reviewcase.hand_over", {"id": case.pk, "event": event.pk}, key=str(event.pk), now=now)
