"""Words between client and agency: said once, told to the other side, read."""

import uuid

import pytest

from orders.models import OrderMessage
from orders.services import messages
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import desk, minutes


def test_a_message_is_said_once_and_the_other_side_hears(agency: Agency) -> None:
    order, key, there = agency.submitted(), uuid.uuid4(), desk(agency)
    by = agency.acting_client(order.client)
    for _ in range(2):
        messages.post(order, " 入口在南门 ", form_key=key, by=by, now=NOW)
    said = OrderMessage.objects.get()
    assert (said.body, said.from_client, said.author) == ("入口在南门", True, by.user)
    drain(NOW)
    again("tell_of_message", NOW)
    told = Notification.objects.get(kind="message.agency")
    assert (told.user, told.data["body"]) == (there.user, "入口在南门")
    messages.post(order, "收到", form_key=uuid.uuid4(), by=there, now=NOW)
    drain(NOW)
    assert Notification.objects.get(kind="message.client").user == by.user


def test_each_side_reads_what_the_other_wrote(agency: Agency) -> None:
    order, there = agency.submitted(), desk(agency)
    by = agency.acting_client(order.client)
    messages.post(order, "入口在南门", form_key=uuid.uuid4(), by=by, now=NOW)
    assert messages.mark_read(order, by=by, now=NOW) == 0
    assert messages.mark_read(order, by=there, now=NOW + minutes(1)) == 1
    assert messages.mark_read(order, by=there, now=NOW + minutes(2)) == 0
    assert OrderMessage.objects.get().read_at == NOW + minutes(1)
    drain(NOW + minutes(1))
    assert not Notification.objects.filter(kind="message.agency").exists()


@pytest.mark.parametrize(("body", "code"), [("  ", "no_text"), ("长" * 1001, "too_long")])
def test_nothing_and_too_much_are_refused(agency: Agency, body: str, code: str) -> None:
    order = agency.submitted()
    with pytest.raises(Invalid) as refused:
        messages.post(order, body, form_key=uuid.uuid4(), by=agency.acting_client(order.client), now=NOW)
    assert refused.value.code == code


def test_anothers_key_is_refused(agency: Agency) -> None:
    first, second, key = agency.submitted(), agency.submitted(), uuid.uuid4()
    messages.post(first, "一", form_key=key, by=agency.acting_client(first.client), now=NOW)
    with pytest.raises(Conflict):
        messages.post(second, "二", form_key=key, by=agency.acting_client(second.client), now=NOW)
