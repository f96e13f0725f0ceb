"""What a client's orders ask for from now on, and who stands by for them: learned from what went wrong."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from orders.gates import Gates
from orders.models import Client, ClientGate, Position, Shift
from orders.states import OrderStatus
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Invalid
from workers.models import Language, Skill

Kind = ClientGate.Kind
MOST_BACKUPS = 20
HIGHEST = {Kind.STARS: 50, Kind.CLEARANCE: 2}
SCALES: dict[str, type[Skill] | type[Language]] = {Kind.SKILL: Skill, Kind.LANGUAGE: Language}


def check_level(kind: str, ref: int, level: int) -> None:
    """Raises `Invalid` for a level that is none of the scale, of stars or of background checks."""
    highest = HIGHEST.get(Kind(kind))
    if kind in SCALES:
        scale = SCALES[kind].objects.filter(pk=ref).first()
        highest = scale.most_level if scale else 0
    if highest is not None and not 1 <= level <= highest:
        raise Invalid("bad_level", _("请选择有效的最低要求。"))


@transaction.atomic
def tighten(
    client: Client, kind: str, ref: int, level: int, *, reason: str, by: Actor, now: datetime
) -> tuple[ClientGate, int | None]:
    """Ask at least this of everybody sent to the client from now on; the row, and the level it had (None: no row).

    Orders that exist stay as they are. Raises `Invalid` if as much is asked already, or for a level that is none.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    row = ClientGate.objects.filter(client=client, kind=kind, ref=ref).first()
    check_level(kind, ref, level)
    if row is not None and row.level >= level:
        raise Invalid("asked_already", _("该客户的订单已有同样或更高的要求。"))
    before = row.level if row else None
    row = row or ClientGate(client=client, kind=kind, ref=ref)
    row.level, row.reason, row.created_at = level, reason[:200], now
    row.save()
    audit.record(client, "tighten", by=by, now=now, reason=row.reason, data=_data(row) | {"before": before})
    return row, before


@transaction.atomic
def loosen(client: Client, kind: str, ref: int, level: int, before: int | None, *, by: Actor, now: datetime) -> bool:
    """Take a tightening back to what was `before` it; False if somebody has changed it since."""
    row = ClientGate.objects.select_for_update().filter(client=client, kind=kind, ref=ref, level=level).first()
    if row is None:
        return False
    audit.record(client, "loosen", by=by, now=now, data=_data(row) | {"before": level, "level": before})
    if before is None:
        row.delete()
    else:
        row.level = before
        row.save(update_fields=["level"])
    return True


def _data(row: ClientGate) -> dict[str, int | str]:
    return {"kind": row.kind, "ref": row.ref, "level": row.level}


def asked_of(client: Client) -> Gates:
    """Everything learned about the client, as requirements of an order; one query."""
    return as_gates(ClientGate.objects.filter(client=client))


def as_gates(rows: Iterable[ClientGate]) -> Gates:
    """Rows as requirements."""
    by_kind: dict[str, dict[int, int]] = {kind: {} for kind in Kind.values}
    for row in rows:
        by_kind[row.kind][row.ref] = row.level
    stars = by_kind[Kind.STARS].get(0)
    return Gates(
        profile=None,  # type: ignore[arg-type]
        skills=by_kind[Kind.SKILL],
        languages=by_kind[Kind.LANGUAGE],
        certificates=tuple(by_kind[Kind.CERTIFICATE]),
        courses=tuple(by_kind[Kind.COURSE]),
        min_stars=Decimal(stars) / 10 if stars else None,
        clearance=by_kind[Kind.CLEARANCE].get(0, 0),
    )


@transaction.atomic
def set_backups(client: Client, count: int, *, by: Actor, now: datetime) -> int:
    """How many more people stand by for each shift of the client; the count before. `Invalid` outside 0–20."""
    if not 0 <= count <= MOST_BACKUPS:
        raise Invalid("bad_backups", _("待命候补须在 0 到 %(most)s 人之间。") % {"most": MOST_BACKUPS})
    found = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    before = found.backups
    found.backups = count
    found.save(update_fields=["backups"])
    audit.record(found, "backups", by=by, now=now, data={"before": before, "count": count})
    return before


def standing_by(places: Q) -> int:
    """How many people are to stand by for the shifts that have any of these places, by what their clients are given."""
    ended = (OrderStatus.CANCELLED, OrderStatus.COMPLETED)
    live = Position.objects.filter(places).exclude(shift__order__status__in=ended)
    return Shift.objects.filter(pk__in=live.values("shift")).aggregate(n=Sum("order__client__backups"))["n"] or 0
