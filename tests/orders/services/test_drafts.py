"""Half-filled forms: kept word for word, gone with the order, nobody else's, forgotten after a month."""

import uuid
from datetime import timedelta

import pytest

from orders import tasks
from orders.models import Client, FormDraft, Order
from orders.services import drafts, posting
from orders.services.drafts import Typed
from staffing.core.errors import Conflict, Invalid
from tests.fixtures.agency import NOW, Agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(agency: Agency) -> Client:
    return agency.client()


def typed(key: uuid.UUID, data: str = "title=a") -> Typed:
    return Typed(key, "双十一", data)


def test_what_is_kept_later_takes_the_place_of_the_earlier(agency: Agency, company: Client) -> None:
    user, key = agency.member(company), uuid.uuid4()
    drafts.keep(user, company, typed(key), NOW)
    drafts.keep(user, company, typed(key, "title=b"), NOW + timedelta(minutes=1))
    row = FormDraft.objects.get()
    assert (row.data, row.updated_at) == ("title=b", NOW + timedelta(minutes=1))
    assert drafts.discard(user, key)
    assert not drafts.discard(user, key)


def test_it_is_gone_with_the_order_and_does_not_come_back(agency: Agency, company: Client) -> None:
    user, spec = agency.member(company), agency.spec(company)
    assert spec.form_key is not None
    drafts.keep(user, company, typed(spec.form_key), NOW)
    posting.post(spec, company, submit=False, by=agency.acting_client(company), now=NOW)
    assert not FormDraft.objects.exists()
    with pytest.raises(Conflict) as refusal:
        drafts.keep(user, company, typed(spec.form_key), NOW)
    assert (refusal.value.code, Order.objects.count()) == ("posted", 1)


def test_a_refused_order_keeps_the_form(agency: Agency, company: Client) -> None:
    spec = agency.spec(company, start=NOW - timedelta(days=1))
    assert spec.form_key is not None
    drafts.keep(agency.member(company), company, typed(spec.form_key), NOW)
    with pytest.raises(Invalid):
        posting.post(spec, company, submit=True, by=agency.acting_client(company), now=NOW)
    assert FormDraft.objects.filter(form_key=spec.form_key).exists()


def test_nobody_writes_over_or_discards_anothers(agency: Agency, company: Client) -> None:
    key, other = uuid.uuid4(), agency.client()
    drafts.keep(agency.member(company), company, typed(key), NOW)
    with pytest.raises(Conflict):
        drafts.keep(agency.member(other), other, typed(key, "title=mine"), NOW)
    assert not drafts.discard(agency.member(other), key)
    assert FormDraft.objects.get().data == "title=a"


def test_endless_forms_are_refused(agency: Agency, company: Client) -> None:
    with pytest.raises(Conflict) as refusal:
        drafts.keep(agency.member(company), company, typed(uuid.uuid4(), "x" * 100_001), NOW)
    assert refusal.value.code == "too_long"


def test_old_ones_are_swept(agency: Agency, company: Client, time_machine) -> None:
    user, kept = agency.member(company), uuid.uuid4()
    drafts.keep(user, company, typed(uuid.uuid4()), NOW - timedelta(days=31))
    drafts.keep(user, company, typed(kept), NOW - timedelta(days=29))
    time_machine.move_to(NOW, tick=False)
    assert tasks.sweep_drafts() == 1
    assert FormDraft.objects.get().form_key == kept
