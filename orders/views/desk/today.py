"""Today's shifts: who is missing, and where a replacement is being sought."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orders.selectors.desk import today as reads
from orders.selectors.desk.today import Totals
from orders.views.desk.common import DESK, wants_part
from staffing.core import clock
from staffing.core.access import access

PAGE = 50


@access(*DESK)
def today(request: HttpRequest) -> HttpResponse:
    """All shifts of today and those still running; polled."""
    now, kind = clock.now(), request.GET.get("kind", "")
    found = reads.shifts(now)
    totals = reads.totals(found)
    page = Paginator(reads.of_kind(found, kind), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "totals": totals, "tabs": _tabs(totals, kind), "now": now}
    return render(request, "orders/_desk_today.html" if wants_part(request) else "orders/desk_today.html", context)


def _tabs(totals: Totals, kind: str) -> list[dict[str, Any]]:
    kinds = (
        ("", _("全部"), None),
        ("unconfirmed", _("未确认"), totals.unconfirmed),
        ("late", _("迟到"), totals.late),
        ("no_show", _("未到岗"), totals.absent),
        ("replacing", _("替补中"), totals.replacing),
    )
    return [
        {"label": label, "url": f"?kind={value}" if value else "?", "active": value == kind, "count": count}
        for value, label, count in kinds
    ]
