"""Reads of partners and of files of applicants."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from staffing.core.export import Column, Table
from workers import import_columns as columns
from workers.models import Application, ImportFile, ImportRow, Partner, PartnerDelivery, PartnerKey
from workers.states import OPEN, ApplicationStatus

SHOWN_BAD: Final = 50
STATES: Final[Mapping[str, Q]] = {
    "": Q(),
    "failed": Q(given_up_at__isnull=False),
    "waiting": Q(next_at__isnull=False),
    "delivered": Q(delivered_at__isnull=False),
}


def _counted(model: Any, given: Q) -> Coalesce:
    rows = model.objects.filter(given, partner=OuterRef("pk")).order_by().values("partner").annotate(n=Count("pk"))
    return Coalesce(Subquery(rows.values("n")), 0)


def partners() -> QuerySet[Partner]:
    """All, with what a row of the list shows."""
    keys = PartnerKey.objects.filter(partner=OuterRef("pk")).order_by().values("partner")
    return Partner.objects.annotate(
        sent=_counted(Application, Q()),
        running=_counted(Application, Q(status__in=OPEN)),
        taken=_counted(Application, Q(status=ApplicationStatus.ACTIVE)),
        live_keys=_counted(PartnerKey, Q(revoked_at=None, sandbox=False)),
        last_used=Subquery(keys.annotate(last=Max("last_used_at")).values("last")),
        failed=_counted(PartnerDelivery, STATES["failed"]),
    ).order_by("-is_active", "name", "pk")


def deliveries(partner: Partner, state: str) -> QuerySet[PartnerDelivery]:
    """A partner's news, newest first; `state` is one of `STATES`."""
    return PartnerDelivery.objects.filter(STATES[state], partner=partner)


def counts(partner: Partner) -> dict[str, int]:
    """How much news there is in each state. One query."""
    asked = {name or "all": Count("pk", filter=given) for name, given in STATES.items()}
    return dict(PartnerDelivery.objects.filter(partner=partner).aggregate(**asked))


def imports() -> QuerySet[ImportFile]:
    """Files, newest first."""
    return ImportFile.objects.select_related("partner")


def words(errors: Mapping[str, str]) -> str:
    """What is wrong with a row, in the reader's language."""
    said = []
    for field, code in errors.items():
        text = str(columns.PROBLEMS.get(code, columns.PROBLEMS["invalid"]))
        label = str(columns.MEANINGS[field].label) if field in columns.MEANINGS else field
        said.append(f"{label}: {text}" if field else text)
    return " · ".join(said)


def bad(file: ImportFile) -> Sequence[ImportRow]:
    """The first rows that were refused."""
    return list(ImportRow.objects.filter(file=file, outcome=ImportRow.Outcome.BAD).order_by("line")[:SHOWN_BAD])


def bad_table(file: ImportFile, name: Any, reason: Any) -> Table:
    """The columns of the file as it was, and what is wrong."""

    def cell(at: int) -> Any:
        return lambda row: row[0][at] if at < len(row[0]) else ""

    heads = [Column(head, cell(at)) for at, head in enumerate(file.head)]
    return Table(name, (*heads, Column(reason, lambda row: words(row[1]))))
