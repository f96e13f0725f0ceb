"""What surrounds every page: navigation by role, unread count, the demo's clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from feedback.models import ReviewCase
from feedback.permissions import cases_of_client
from feedback.states import RUNNING, CaseStatus
from orders import permissions
from orders.models import Offer, PunchRequest
from orders.states import OfferStatus, PunchRequestStatus
from staffing.core import clock, pwa
from staffing.core.models import Role, User
from staffing.core.views.inbox import visible


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the navigation: words, URL name, icon, how many things wait there, who sees it.

    It is marked on every page below its address, unless it is `alone`, and below the addresses in `under`.
    """

    label: Any
    view: str
    icon: str
    waiting: Callable[[User], QuerySet[Any]] | None = None
    may: Callable[[User], bool] | None = None
    under: tuple[str, ...] = ()
    alone: bool = False


def pending_offers(user: User) -> QuerySet[Any]:
    """Offers a worker has not answered."""
    return Offer.objects.filter(worker__user=user, status=OfferStatus.PENDING)


def open_cases(user: User) -> QuerySet[Any]:
    """Review cases whose 48 hours run."""
    return ReviewCase.objects.filter(status__in=RUNNING)


def waiting_punches(user: User) -> QuerySet[Any]:
    """Punches that need a dispatcher's word."""
    return PunchRequest.objects.filter(status=PunchRequestStatus.WAITING)


def reports_to_confirm(user: User) -> QuerySet[Any]:
    """Repairs that wait for this client's word."""
    return cases_of_client(user).filter(status=CaseStatus.REPORTED)


PEOPLE = ("/desk/people/", "/desk/training/", "/desk/papers/", "/desk/checks/", "/applications/", "/sources/")
BELOW_TODAY = ("/desk/bench/", "/desk/proofs/")
# Templates and repeating orders.
KEPT_ORDERS = ("/client/templates/", "/client/recurring/")
LOOP = ("/complaints/", "/surveys/", "/revisits/", "/insight/")
CLIENT_LOOP = ("/client/complaints/",)
COMPANY = ("/client/members/", "/client/surveys/", "/client/reports/", "/client/insight/")
OF_WORKER = (
    "/my/papers/",
    "/my/figures/",
    "/my/limits/",
    "/my/calendar/",
    "/my/complaints/",
    "/my/training/",
    "/my/stars/",
    "/my/conflicts/",
)
NAV: dict[str, tuple[Entry, ...]] = {
    Role.CLIENT: (
        Entry(gettext_lazy("首页"), "orders:client-home", "home", alone=True),
        Entry(pgettext_lazy("nav", "订单"), "orders:client-orders", "clipboard-list", under=KEPT_ORDERS),
        Entry(gettext_lazy("发布订单"), "orders:client-new", "plus", may=permissions.may_order),
        Entry(pgettext_lazy("nav", "员工"), "orders:client-people", "users"),
        Entry(
            gettext_lazy("反馈处理"), "feedback:client-cases", "message-report", reports_to_confirm, under=CLIENT_LOOP
        ),
        Entry(gettext_lazy("公司与成员"), "orders:client-company", "building", under=COMPANY),
    ),
    Role.DISPATCHER: (
        Entry(gettext_lazy("派单台"), "orders:desk", "clipboard-list"),
        Entry(gettext_lazy("排班"), "orders:desk-week", "calendar-week"),
        Entry(gettext_lazy("今日到岗"), "orders:desk-today", "alert-triangle", waiting_punches, under=BELOW_TODAY),
        Entry(pgettext_lazy("nav", "员工"), "workers:list", "users", under=PEOPLE),
        Entry(gettext_lazy("满意度闭环"), "feedback:cases", "message-report", open_cases, under=LOOP),
        Entry(gettext_lazy("换班与申诉"), "orders:desk-swaps", "replace", under=("/desk/appeals/",)),
        Entry(gettext_lazy("系统消息"), "orders:desk-outbox", "inbox"),
    ),
    Role.WORKER: (
        Entry(gettext_lazy("今日"), "orders:my-today", "home", alone=True),
        Entry(gettext_lazy("派单"), "orders:my-offers", "briefcase", pending_offers, under=("/my/open/", "/my/swaps/")),
        Entry(gettext_lazy("排班"), "orders:my-schedule", "calendar", under=("/my/bench/",)),
        Entry(gettext_lazy("消息"), "inbox", "bell"),
        Entry(gettext_lazy("我的"), "workers:me", "user", under=OF_WORKER),
    ),
    Role.MANAGER: (
        Entry(gettext_lazy("经营看板"), "feedback:dashboard", "chart-bar", under=("/reports/",)),
        Entry(pgettext_lazy("nav", "订单"), "orders:desk", "clipboard-list"),
        Entry(gettext_lazy("排班"), "orders:desk-week", "calendar-week"),
        Entry(gettext_lazy("今日到岗"), "orders:desk-today", "alert-triangle", under=BELOW_TODAY),
        Entry(pgettext_lazy("nav", "员工"), "workers:list", "users", under=PEOPLE),
        Entry(gettext_lazy("满意度闭环"), "feedback:cases", "message-report", under=LOOP),
        Entry(gettext_lazy("换班与申诉"), "orders:desk-appeals", "replace", under=("/desk/swaps/",)),
    ),
}

SEARCHERS = (Role.DISPATCHER, Role.MANAGER)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for the base templates; costs two queries (unread, what waits), and one for the clock in a demo."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"product_name": _("灵客调度"), "demo_clock": SimpleLazyObject(_demo_clock)}
    if not isinstance(user, User):
        return context
    unread = SimpleLazyObject(lambda: visible(user).filter(read_at__isnull=True).count())
    return context | {
        "nav": SimpleLazyObject(lambda: _nav(request.path, user)),
        "unread_count": unread,
        "inbox_url": reverse("inbox"),
        "page_owner": pwa.owner_of(user) if user.role == Role.WORKER else "",
        "role_home": reverse(NAV[user.role][0].view),
        "search_url": reverse("search") if user.role in SEARCHERS else "",
    }


def _nav(path: str, user: User) -> list[dict[str, Any]]:
    """The entries of the person's role that are for them."""
    entries = [entry for entry in NAV[user.role] if entry.may is None or entry.may(user)]
    here = whereabouts(path, entries)
    counts = cache(partial(_counts, entries, user))
    return [_item(entry, path, counts, here) for entry in entries]


def _counts(entries: Sequence[Entry], user: User) -> dict[str, int]:
    """How many things wait, by the entry's view: one query for them all."""
    asked = {entry.view: _count(entry.waiting(user)) for entry in entries if entry.waiting}
    found = User.objects.filter(pk=user.pk).values_list(*asked.values())
    return dict(zip(asked, next(iter(found), ()), strict=True))


def _count(rows: QuerySet[Any]) -> Subquery:
    number = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(number=number).values("number"))


def whereabouts(path: str, entries: Sequence[Entry]) -> Entry | None:
    """The place of the navigation that a page belongs to: the one whose address is the longest beginning of its own."""
    reach = [(len(start), entry) for entry in entries for start in _starts(entry) if path.startswith(start)]
    exact = next((entry for entry in entries if reverse(entry.view) == path), None)
    return exact or max(reach, key=itemgetter(0), default=(0, None))[1]


def _starts(entry: Entry) -> tuple[str, ...]:
    return entry.under if entry.alone else (reverse(entry.view), *entry.under)


def _item(entry: Entry, path: str, counts: Callable[[], Mapping[str, int]], here: Entry | None) -> dict[str, Any]:
    url = reverse(entry.view)
    badge = SimpleLazyObject(lambda: counts()[entry.view]) if entry.waiting else None
    active = "page" if path == url else "true" if entry is here else ""
    return {"label": str(entry.label), "url": url, "icon": entry.icon, "active": active, "badge": badge}


def _demo_clock() -> str:
    if not settings.CLOCK_OFFSET_ALLOWED or not (ahead := clock.offset()):
        return ""
    return f"{timezone.localtime(timezone.now() + ahead):%Y-%m-%d %H:%M}"
