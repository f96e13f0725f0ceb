"""Notes of a week by group, as the desk tidies them and the client's product team reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from feedback.models import InsightGroup, InsightKind, InsightNote, InsightReport
from feedback.selectors.period import midnight
from orders.models import Client

# So many texts of a client are compared with a new one, the latest first.
COMPARED = 500
ORDER_OF_KIND = {kind: place for place, kind in enumerate(InsightKind.values)}


@dataclass(frozen=True, slots=True)
class Week:
    """One client's week: its groups by kind, and the report once it is sent."""

    client: Client
    monday: date
    groups: list[InsightGroup]
    report: InsightReport | None

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.monday + timedelta(days=6)


def monday_of(moment: datetime) -> date:
    """The Monday of the local week."""
    day = timezone.localdate(moment)
    return day - timedelta(days=day.weekday())


def week(monday: date) -> tuple[datetime, datetime]:
    """`[start, end)` of the local week."""
    return midnight(monday), midnight(monday + timedelta(days=7))


def known_texts(client_id: int, kind: str, product: str) -> Iterator[tuple[InsightGroup, str]]:
    """Every group that a note of this kind may join, with its title and its notes. Two queries.

    A note about one product does not join a group about another; where either names none they may be the same.
    """
    fitting = Q() if not product else Q(product="") | Q(product__iexact=product)
    groups = InsightGroup.objects.filter(fitting, client=client_id, kind=kind).in_bulk()
    yield from ((group, group.title) for group in groups.values())
    notes = InsightNote.objects.filter(group__in=groups).order_by("-at", "-pk")
    yield from ((groups[pk], text) for pk, text in notes.values_list("group_id", "text")[:COMPARED])


def weight(group: InsightGroup) -> int:
    """How often its notes came up in all."""
    return group.notes.aggregate(n=Sum("count"))["n"] or 0


def of_week(client: Client, monday: date) -> Week:
    """A client's week, with `times` (how often), `shifts` (of how many) on each group. Two queries."""
    groups = list(_groups(client.pk, monday))
    return Week(client, monday, groups, InsightReport.objects.filter(client=client, monday=monday).first())


def _groups(client_id: int, monday: date) -> QuerySet[InsightGroup]:
    start, end = week(monday)
    inside = Q(notes__at__gte=start, notes__at__lt=end)
    counted = InsightGroup.objects.filter(inside, client=client_id).annotate(
        times=Sum("notes__count"), shifts=Count("notes__assignment", distinct=True)
    )
    return counted.order_by("kind", "-times", "pk")


def content(client_id: int, monday: date) -> list[dict[str, Any]]:
    """What the product team is told: groups by kind, the most frequent first; nothing of who noted it. One query."""
    rows = [
        {"kind": row.kind, "product": row.product, "title": row.title, "times": row.times, "shifts": row.shifts}  # type: ignore[attr-defined]  # annotated
        for row in _groups(client_id, monday)
    ]
    return sorted(rows, key=lambda row: ORDER_OF_KIND[row["kind"]])


def clients(monday: date) -> list[dict[str, Any]]:
    """The clients about whom something was noted in the week, the most noted first, with when it was told."""
    start, end = week(monday)
    sent = InsightReport.objects.filter(client=OuterRef("group__client"), monday=monday).values("asked_at")
    rows = InsightNote.objects.filter(at__gte=start, at__lt=end).order_by().annotate(sent=Subquery(sent))
    named = rows.values("sent", pk=F("group__client"), name=F("group__client__name"))
    return [dict(row) for row in named.annotate(notes=Count("id")).order_by("-notes", "name")]


def products(client_id: int) -> list[str]:
    """The products that notes about this client have named. One query."""
    named = InsightGroup.objects.filter(client=client_id).exclude(product="")
    return sorted(set(named.values_list("product", flat=True)))
