"""A client's filled-in form becomes an order, with its new site if it brings one, exactly once."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Client, Order, Site
from orders.services import drafts, locks, ordering
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
    by: Actor,
    now: datetime,
) -> Posted:
    """Write the order, submit it if asked, and forget what was kept of the form.

    Twins of one form wait for each other at the client's row.

    `instead_of`: a draft that this one takes the place of. Raises what `ordering.create` and `submit` raise, `Invalid`
    for a site name that is taken, `Conflict` if the draft has been submitted meanwhile.
    """
    assert spec.form_key is not None, "a form brings its key"
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    known = Order.objects.filter(form_key=spec.form_key, client=client).exists()
    if new_site is not None and not known:
        spec = replace(spec, site=add_site(client, new_site, by=by, now=now))
    order = ordering.create(spec, client, by=by, now=now)
    if instead_of is not None and not known:
        _give_up(instead_of, client, by=by, now=now)
    if submit:
        order = ordering.submit(order.pk, by=by, now=now)
    drafts.done(spec.form_key)
    return Posted(order, fresh=not known)


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
