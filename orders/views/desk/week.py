"""The week board: people × days or orders × days, in slices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from orders.forms_week import WeekFilter
from orders.selectors.desk import week as reads
from orders.selectors.desk import week_places
from orders.selectors.desk.week import Wanted, Week
from orders.selectors.desk.week_chips import legend
from orders.views.desk.common import DESK, wants_part
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.templatetags.formats import day_text

VIEWS: Final = ("people", "places")
# Rows drawn anew after a change: whoever was touched.
MOST_NAMED: Final = 20
# Rows of a board that are looked after; those further down are read anew when somebody changes them here.
WATCHED: Final = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says: the week, the view, the day that phones show, and the filter."""

    week: Week
    view: str
    day: int
    form: WeekFilter
    wanted: Wanted
    now: datetime

    @property
    def address(self) -> dict[str, str]:
        """The part of the query string that stays while one walks about."""
        known = {name: str(value) for name, value in self.form.cleaned_data.items() if value}
        return known | {"day": self.week.monday.isoformat(), "view": self.view}

    @property
    def query(self) -> str:
        """The same as a query string."""
        return urlencode(self.address)


def asked_of(request: HttpRequest) -> Asked:
    """The address read; what makes no sense in it is left out."""
    now, view = clock.now(), request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    week = reads.week_of(request.GET.get("day", ""), now)
    kept = {name: request.GET.get(name, "") for name in WeekFilter.base_fields}
    form = WeekFilter({**kept, "day": week.monday.isoformat(), "view": view}, view=view)
    wanted = form.wanted()
    return Asked(week, view, _shown_day(request, week, now), form, wanted, now)


def _shown_day(request: HttpRequest, week: Week, now: datetime) -> int:
    """The day tab of a phone: the one asked for, else today, else Monday."""
    text = request.GET.get("d", "")
    if text.isdecimal() and int(text) < len(reads.DAYS):
        return int(text)
    today = week.column(now)
    return today if today < len(reads.DAYS) and now >= week.start else 0


@access(*DESK)
def week(request: HttpRequest) -> HttpResponse:
    """The board with its first slice; for htmx the board alone."""
    asked = asked_of(request)
    copying = acting(request).role == Role.DISPATCHER
    begin = _number(request, "from")
    context = {**_body(asked, begin), "begin": begin, "legend": legend(), "copying": copying, **_frame(asked)}
    return render(request, "orders/_week_board.html" if wants_part(request) else "orders/desk_week.html", context)


# Rows repeat themselves; nothing secret is in them that a length could give away.
@access(*DESK)
@gzip_page
def rows(request: HttpRequest) -> HttpResponse:
    """The next slice, or only the rows named (`only`: ids), with the row of open places."""
    asked = asked_of(request)
    only = [int(text) for text in request.GET.get("only", "").split(",") if text.isdecimal()][:MOST_NAMED]
    context = _named(asked, only) if "only" in request.GET else _body(asked, _number(request, "from"), opened=False)
    return render(request, "orders/_week_rows.html", {**context, "days": _days(asked), "asked": asked})


@access(*DESK)
@gzip_page
def news(request: HttpRequest) -> HttpResponse:
    """The rows of a board from `from`, at most `until` of them, each with a mark that changes with what it shows."""
    asked, most = asked_of(request), min(_number(request, "until") or reads.SLICE, WATCHED)
    body = _body(asked, _number(request, "from"), most=most)
    marks = [(row.key, row.mark) for row in body["slice"].rows]
    opened = [("week-open", reads.open_mark(body["open"]))] if "open" in body else []
    return JsonResponse({"rows": marks, "above": opened})


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _body(asked: Asked, begin: int, *, opened: bool = True, most: int = reads.SLICE) -> dict[str, Any]:
    """One slice of rows."""
    if asked.view == "places":
        listed = week_places.orders(asked.week, asked.wanted)
        return {"slice": week_places.rows(asked.week, listed, asked.now, begin=begin, most=most), "asked": asked}
    people = reads.people(asked.week, asked.wanted)
    found = reads.rows(asked.week, people, asked.now, begin=begin, most=most)
    body: dict[str, Any] = {"slice": found, "asked": asked}
    return body | (_opened(asked) if opened else {})


def _opened(asked: Asked) -> dict[str, Any]:
    cells = reads.open_places(asked.week, asked.wanted, asked.now)
    return {"open": cells, "open_mark": reads.open_mark(cells)}


def _named(asked: Asked, only: list[int]) -> dict[str, Any]:
    """These rows as they are now."""
    if asked.view == "places":
        listed = week_places.orders(asked.week, Wanted()).filter(pk__in=only)
        return {"slice": week_places.OrderSlice(week_places.rows_of(asked.week, list(listed), asked.now), None)}
    workers = reads.people(asked.week, Wanted()).filter(pk__in=only)
    named = reads.Slice(reads.rows_of(asked.week, list(workers), asked.now), None)
    return {"slice": named, "named": True, **_opened(asked)}


def _frame(asked: Asked) -> dict[str, Any]:
    """Head, tabs and ways to other weeks."""
    return {
        "days": _days(asked),
        "views": [
            {"label": label, "view": view, "active": view == asked.view}
            for view, label in (("people", _("按员工")), ("places", _("按岗位")))
        ],
        "before": asked.week.other(-1).monday.isoformat(),
        "after": asked.week.other(1).monday.isoformat(),
        "filter": asked.form,
        "filtered": any(asked.address.get(name) for name in ("name", "city", "skill", "client", "who")),
    }


def _days(asked: Asked) -> list[dict[str, Any]]:
    today = asked.week.column(asked.now) if asked.now >= asked.week.start else -1
    return [
        {"n": n, "date": day, "words": day_text(day), "today": n == today, "shown": n == asked.day}
        for n, day in enumerate(asked.week.days)
    ]
