"""One booked shift, the phone of who works it and the desk, at nine in the morning."""

import pytest
import time_machine
from django.test import Client as Browser

from orders.models import Assignment
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.bookings import booked
from tests.orders.views.proofs.scene import logged_in
from workers.models import Worker


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def phone(person: Worker) -> Browser:
    return logged_in(person.user)


@pytest.fixture
def work(agency: Agency, person: Worker) -> Assignment:
    return booked(agency, person)


@pytest.fixture
def desk(agency: Agency) -> Browser:
    return logged_in(agency.dispatcher())
