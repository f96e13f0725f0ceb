"""The same form arrives many times in one second: one application. And what happens without the guards."""

import threading
from collections import Counter
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection

from staffing.core.actors import LINK
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.test_booking_race import all_at_once
from workers.models import Application
from workers.services import applications
from workers.services.applications import ApplicationSpec

MANY = 8
NAMES = ("one_open_application_a_way", "one_clear_application_a_phone")
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def submit(source="direct"):
    applications.submit(ApplicationSpec("林晓雨", "13712345678", source=source), by=LINK, now=NOW)


def unlocked(monkeypatch):
    monkeypatch.setattr(applications, "lock_phone", lambda phone: None)


@contextmanager
def without_constraints():
    found = [one for one in Application._meta.constraints if one.name in NAMES]
    with connection.schema_editor() as editor:
        for one in found:
            editor.remove_constraint(Application, one)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE workers_application CASCADE")
        with connection.schema_editor() as editor:
            for one in found:
                editor.add_constraint(Application, one)


def test_one_form_sent_many_times_at_once_is_one_application():
    Agency()
    assert Counter(all_at_once([submit] * MANY)) == {"ok": MANY}
    assert Application.objects.count() == 1


def test_two_ways_at_once_are_two_of_which_one_is_marked():
    Agency()
    all_at_once([partial(submit, "direct"), partial(submit, "student")])
    assert Counter(Application.objects.values_list("duplicate", flat=True)) == {"": 1, "possible": 1}


def test_the_constraint_alone_still_makes_one(monkeypatch):
    Agency()
    unlocked(monkeypatch)
    assert Counter(all_at_once([submit] * MANY)) == {"ok": MANY}
    assert Application.objects.count() == 1


def test_without_the_guards_everybody_gets_one(monkeypatch):
    """Negative control: no lock, no constraint; all have looked before anybody writes."""
    Agency()
    unlocked(monkeypatch)
    looked = threading.Barrier(MANY)
    really = applications._insert

    def late(*args, **kwargs):
        looked.wait(timeout=30)
        return really(*args, **kwargs)

    monkeypatch.setattr(applications, "_insert", late)
    with without_constraints():
        all_at_once([submit] * MANY)
        assert Application.objects.count() == MANY
