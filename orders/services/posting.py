"""A client's filled-in form becomes an order, with its new site if it brings one, exactly once."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders import kept
from orders.models import Client, Order, Site
from orders.services import drafts, locks, ordering, packages
from orders.services.ordering import OrderSpec
from orders.states import OrderStatus
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.geo import Datum, Point, to_wgs84
from staffing.core.models import City


@dataclass(frozen=True, slots=True)
class NewSite:
    """A place the client has not used before; `point` is in `datum`."""

    name: str
    address: str
    city: City
    point: Point
    datum: Datum


@dataclass(frozen=True, slots=True)
class Posted:
    """The order, and whether this call wrote it (False: the same form had been sent before)."""

    order: Order
    fresh: bool


@transaction.atomic
def post(
    spec: OrderSpec,
    client: Client,
    *,
    new_site: NewSite | None = None,
    instead_of: int | None = None,
    submit: bool,
    shown: Decimal | None = None,
    by: Actor,
    now: datetime,
) -> Posted:
    """Write the order, submit it if asked, and forget what was kept of the form.

    Twins of one form wait for each other at the client's row. A form that became a draft and comes again with other
    content takes the draft's place. `shown`: what it was said to cost (CNY); `Conflict` `price_risen` if it is more.

    `instead_of`: a draft that this one takes the place of. Raises what `ordering.create` and `submit` raise, `Invalid`
    for a site name that is taken, `Conflict` if the draft has been submitted meanwhile.
    """
    assert spec.form_key is not None, "a form brings its key"
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    before = Order.objects.filter(form_key=spec.form_key, client=client).first()
    spec = _placed(spec, client, before, new_site, by=by, now=now)
    if before is not None and before.status == OrderStatus.DRAFT and not _says_the_same(before, spec, client):
        instead_of, before = _without_its_form(before).pk, None
    order = ordering.create(spec, client, by=by, now=now)
    if instead_of is not None and before is None:
        _give_up(instead_of, client, by=by, now=now)
    if submit:
        if shown is not None and order.submitted_at is None and order.estimate > shown:
            raise ordering.price_risen(order.estimate)
        order = ordering.submit(order.pk, by=by, now=now)
    drafts.done(spec.form_key)
    return Posted(order, fresh=before is None)


def _placed(
    spec: OrderSpec, client: Client, before: Order | None, new_site: NewSite | None, *, by: Actor, now: datetime
) -> OrderSpec:
    """The order at its new site, which is written once however often the form comes."""
    if new_site is None or (before is not None and before.status != OrderStatus.DRAFT):
        return spec
    there = before.site if before is not None else None
    if there is None or (there.name, there.address) != (new_site.name, new_site.address):
        there = add_site(client, new_site, by=by, now=now)
    return replace(spec, site=there)


def _says_the_same(draft: Order, spec: OrderSpec, client: Client) -> bool:
    return _content(kept.spec_of_order(draft)) == _content(packages.settled(spec, client))


def _content(spec: OrderSpec) -> list[object]:
    """Everything that an order asks for, in one order."""
    return [
        (spec.title, spec.service_type, spec.city, spec.remote, spec.notes, spec.package, spec.special_pool),
        spec.readiness if spec.remote else spec.site,
        (spec.min_stars, spec.clearance, sorted(spec.certificates), sorted(spec.courses)),
        (dict(spec.skills or {}), dict(spec.languages or {})),
        sorted((shift.start, shift.end, shift.headcount) for shift in spec.shifts),
    ]


def _without_its_form(draft: Order) -> Order:
    """The draft with a key of its own: the form's belongs to what is written now."""
    draft.form_key = uuid.uuid4()
    draft.save(update_fields=["form_key"])
    return draft


@transaction.atomic
def add_site(client: Client, site: NewSite, *, by: Actor, now: datetime) -> Site:
    """Write a place of the client, in WGS-84 whatever it was given in. Raises `Invalid` for a name that is taken."""
    if Site.objects.filter(client=client, name=site.name).exists():
        raise Invalid("site_name_taken", _("已有同名的服务地点，请直接选择它或换一个名称。"))
    point = to_wgs84(site.point, site.datum)
    written = Site.objects.create(
        client=client,
        name=site.name,
        address=site.address,
        city=site.city,
        latitude=point.latitude,
        longitude=point.longitude,
        given_datum=site.datum.value,
    )
    audit.record(written, "create", by=by, now=now)
    return written


def _give_up(draft_id: int, client: Client, *, by: Actor, now: datetime) -> None:
    own = Order.objects.filter(pk=draft_id, client=client)
    if not own.exists() or locks.order(draft_id).status != OrderStatus.DRAFT:
        raise Conflict("not_a_draft", _("这份草稿已经提交或取消，请在订单列表中查看。"))
    ordering.cancel(draft_id, by=by, now=now, reason=str(_("已由修改后的版本取代")))
