"""One form, one order, one site: also when both clicks of a double click arrive at once."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from orders.models import Order, Site
from orders.services import posting
from orders.services.posting import NewSite, Posted
from orders.states import OrderStatus
from staffing.core.errors import Invalid
from staffing.core.geo import Datum, Point
from staffing.core.models import AuditEvent
from tests.fixtures.agency import HERE, NOW, Agency

TWINS = 8


def place(agency: Agency) -> NewSite:
    return NewSite("城东新店", "示范路 8 号", agency.city, Point(*HERE), Datum.WGS84)


@pytest.mark.race
def test_twins_of_a_form_write_one_order_and_one_site(committed_agency: Agency) -> None:
    agency, barrier = committed_agency, Barrier(TWINS)
    company = agency.client()
    by, spec = agency.acting_client(company), agency.spec(company, form_key=uuid.uuid4())

    def send(_number: int) -> Posted:
        barrier.wait()
        try:
            return posting.post(spec, company, new_site=place(agency), submit=True, by=by, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TWINS) as threads:
        posted = list(threads.map(send, range(TWINS)))
    order = Order.objects.get()
    assert {each.order for each in posted} == {order}
    assert sum(each.fresh for each in posted) == 1
    assert (order.status, str(order.site)) == (OrderStatus.SUBMITTED, "城东新店")
    assert Site.objects.filter(name="城东新店").count() == 1
    assert AuditEvent.objects.filter(subject_type="order", action="submit").count() == 1


@pytest.mark.django_db
def test_a_site_is_kept_in_wgs84_and_audited(agency: Agency) -> None:
    company = agency.client()
    given = NewSite("城东新店", "示范路 8 号", agency.city, Point(*HERE), Datum.GCJ02)
    site = posting.add_site(company, given, by=agency.acting_client(company), now=NOW)
    assert site.given_datum == "gcj02"
    assert abs(site.latitude - HERE[0]) > 0.001
    assert AuditEvent.objects.get(subject_type="site", subject_id=site.pk).action == "create"
    with pytest.raises(Invalid) as refusal:
        posting.add_site(company, given, by=agency.acting_client(company), now=NOW)
    assert refusal.value.code == "site_name_taken"
