"""One form, one order, one site: also when both clicks of a double click arrive at once."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.db import connections

from orders.models import Order, Site
from orders.services import ordering, posting
from orders.services.posting import NewSite, Posted
from orders.states import OrderStatus
from staffing.core.errors import Conflict, Invalid
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
def test_a_form_that_became_a_draft_is_sent_as_it_is_now(agency: Agency) -> None:
    """Saved as a draft, back in the browser, changed, and handed over: what is on the screen counts."""
    company = agency.client()
    by, spec = agency.acting_client(company), agency.spec(company, headcount=9, form_key=uuid.uuid4())
    new = partial(posting.post, client=company, new_site=place(agency), by=by, now=NOW)
    draft = new(spec, submit=False).order
    assert new(spec, submit=False).order == draft
    changed = replace(spec, shifts=[replace(spec.shifts[0], headcount=2)])
    posted = new(changed, submit=True)
    assert (posted.fresh, posted.order.status) == (True, OrderStatus.SUBMITTED)
    assert posted.order.shifts.get().headcount == 2
    assert posted.order.site == draft.site
    draft.refresh_from_db()
    assert draft.status == OrderStatus.CANCELLED
    assert new(changed, submit=True).order == posted.order
    assert new(spec, submit=True).fresh is False, "what was handed over stays as it is"


@pytest.mark.django_db
def test_a_draft_as_it_was_saved_is_handed_over(agency: Agency) -> None:
    company = agency.client()
    by, spec = agency.acting_client(company), agency.spec(company, form_key=uuid.uuid4())
    draft = posting.post(spec, company, submit=False, by=by, now=NOW).order
    posted = posting.post(spec, company, submit=True, by=by, now=NOW)
    assert (posted.order, posted.order.status) == (draft, OrderStatus.SUBMITTED)


@pytest.mark.django_db
def test_nothing_is_ordered_for_more_than_was_shown(agency: Agency) -> None:
    company = agency.client()
    by, spec = agency.acting_client(company), agency.spec(company, form_key=uuid.uuid4())
    shown = ordering.quote(spec.city, spec.service_type, spec.shifts).total
    with pytest.raises(Conflict) as refusal:
        posting.post(spec, company, submit=True, shown=shown - Decimal("0.01"), by=by, now=NOW)
    assert refusal.value.code == "price_risen"
    assert not Order.objects.exists()
    assert posting.post(spec, company, submit=True, shown=shown, by=by, now=NOW).fresh


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
