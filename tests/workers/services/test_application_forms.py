"""What led nowhere is forgotten after its days; what somebody's account leaves of their application says nothing."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from staffing.core import personal
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict
from staffing.core.models import Notification
from tests.fixtures.agency import NOW
from tests.fixtures.outbox import drain
from tests.workers.services.test_applications import hand_in
from tests.workers.services.test_interviews import FOURS
from workers.models import Application, ApplicationDraft, InterviewSheet, RecruitPolicy
from workers.services import accounts, activation, application_forms, applications, interviews
from workers.services import application_links as links
from workers.services.activation import Terms

DAY = timedelta(days=1)


@pytest.fixture
def desk(agency):
    return actor_of(agency.dispatcher())


def kept(found):
    found.refresh_from_db()
    return bool(found.phone or found.email or found.answers or found.note)


def test_a_refused_one_is_forgotten_on_the_day_and_not_before(desk):
    found = hand_in(email="lin@example.test", answers={"major": "中文"}).application
    interviews.score(found.pk, FOURS, "沉稳", by=desk, now=NOW)
    applications.reject(found.pk, "no_need", "再联系", by=desk, now=NOW)
    drain(NOW)
    days = RecruitPolicy.current().keep_days * DAY
    assert application_forms.sweep(NOW + days) == 0 and kept(found)
    assert application_forms.sweep(NOW + days + timedelta(seconds=1)) == 1 and not kept(found)
    assert application_forms.sweep(NOW + 2 * days) == 0
    assert (found.status, found.source, found.reason) == ("rejected", "direct", "no_need")
    assert not InterviewSheet.objects.exists() and found.name == f"#{found.pk}"
    assert not Notification.objects.filter(subject_type="workers.application").exists()


def test_open_and_active_ones_do_not_go_by_age(agency, desk):
    still, taken = hand_in().application, hand_in("13700000001").application
    activation.activate(taken.pk, Terms(agency.city), by=desk, now=NOW)
    assert application_forms.sweep(NOW + 9999 * DAY) == 0 and kept(still) and kept(taken)
    with pytest.raises(Conflict):
        application_forms.forget(still.pk, NOW)


def test_a_form_nobody_went_on_with_is_deleted(agency):
    draft = application_forms.begin({"name": ["林晓雨"]}, "", NOW)
    days = RecruitPolicy.current().draft_days * DAY
    assert application_forms.sweep(NOW + days) == 0
    application_forms.keep(draft.pk, {"phone": ["137"]}, NOW + DAY)
    assert application_forms.sweep(NOW + days + timedelta(seconds=1)) == 0
    assert application_forms.sweep(NOW + days + DAY + timedelta(seconds=1)) == 1
    assert not ApplicationDraft.objects.exists()
    assert Browser().get(links.address_of(draft)).status_code == 404


def test_what_no_database_can_hold_is_left_out_and_long_texts_end(agency):
    draft = application_forms.begin({"name": ["a\x00b\ud800", *["x"] * 50], "major": ["y" * 9999]}, "c" * 99, NOW)
    draft.refresh_from_db()
    assert draft.data["name"][0] == "ab" and len(draft.data["name"]) == application_forms.MOST_VALUES
    assert len(draft.data["major"][0]) == application_forms.LONGEST_VALUE and len(draft.code) == 40


def test_with_the_account_goes_the_application(agency, desk):
    found = hand_in(email="lin@example.test", name="欧阳若溪", answers={"major": "中文"}).application
    worker = activation.activate(found.pk, Terms(agency.city), by=desk, now=NOW)
    again = hand_in(name="欧阳若溪").application
    tables = {name: rows for holder in personal.holders() for name, rows in holder.tables(worker.user).items()}
    assert [row["name"] for row in tables["applications"]] == ["欧阳若溪"] * 2
    accounts.close(worker, by=actor_of(worker.user), now=NOW + DAY)
    assert not kept(found) and not kept(again)
    assert {one.name for one in Application.objects.all()} == {f"#{found.pk}", f"#{again.pk}"}
    assert found.worker_id == worker.pk and again.status == "withdrawn"
