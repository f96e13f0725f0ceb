"""Warnings before something ends: at the policy's days, once each, dropped if renewed, one digest a day."""

from datetime import timedelta

import pytest
from django.utils import translation

from staffing.core.models import Notification, OutboxMessage, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from workers.models import CertificateType, Clearance, Course, ExpiryWarning, PapersPolicy, Worker, WorkerCertificate
from workers.services import expiring, retention
from workers.services.expiring import step_of

TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


def held(worker: Worker, days: int, **fields: object) -> WorkerCertificate:
    kind, _new = CertificateType.objects.get_or_create(code="health", defaults={"name_zh": "健康证", "name_en": "H"})
    values = {"expires_on": TODAY + days * DAY, "verified_on": TODAY} | fields
    return WorkerCertificate.objects.create(worker=worker, type=kind, **values)


def told(worker: Worker) -> list[str]:
    rows = Notification.objects.filter(user=worker.user, kind="expiry.worker").order_by("pk")
    return [row.data["name"] for row in rows]


@pytest.mark.parametrize(("left", "step"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_the_steps(left, step):
    assert step_of(left, PapersPolicy()) == step


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "name"), [("en", "H"), ("zh-hans", "健康证")])
@pytest.mark.parametrize("active", ["en", "zh-hans"])
def test_its_name_is_told_in_the_language_of_its_worker(worker, language, name, active):
    User.objects.filter(pk=worker.user_id).update(language=language)
    held(worker, 30)
    with translation.override(active):
        expiring.sweep(NOW)
        drain(NOW)
    assert told(worker) == [name]


@pytest.mark.django_db
def test_twice_in_all_whatever_is_repeated_or_missed(worker):
    held(worker, 30)
    for _ in range(2):
        expiring.sweep(NOW)
        drain(NOW)
    again("tell_of_ending", NOW)
    assert told(worker) == ["健康证"]
    # Nobody swept for weeks: what was due meanwhile is told once, not twice.
    later = NOW + 26 * DAY
    expiring.sweep(later)
    OutboxMessage.objects.filter(topic="expiry.notice", done_at__isnull=False).delete()
    expiring.sweep(later)
    drain(later)
    assert told(worker) == ["健康证"] * 2
    assert ExpiryWarning.objects.order_by("step").values_list("step", flat=True).first() == 7


@pytest.mark.django_db
def test_renewed_before_it_was_told_is_not_told(worker):
    row = held(worker, 20)
    expiring.sweep(NOW)
    WorkerCertificate.objects.filter(pk=row.pk).update(expires_on=TODAY + 300 * DAY)
    drain(NOW + DAY)
    assert told(worker) == []
    assert not Notification.objects.filter(kind="expiry.desk").exists()
    expiring.sweep(NOW + DAY)
    assert set(ExpiryWarning.objects.values_list("status", flat=True)) == {"dropped"}


@pytest.mark.django_db
def test_the_desk_hears_once_a_day_of_all_of_it(agency, worker):
    desk, course = agency.dispatcher(), Course.objects.create(code="c", name_zh="急救", name_en="First aid")
    held(worker, 20)
    worker.courses.create(course=course, passed_on=TODAY, valid_until=TODAY + 5 * DAY)
    worker.skills.update(valid_until=TODAY + 6 * DAY)
    worker.languages.update(valid_until=TODAY + 7 * DAY)
    other = agency.worker()
    Worker.objects.filter(pk=other.pk).update(clearance=Clearance.HIGH, clearance_until=TODAY + 3 * DAY)
    for hours in range(4):
        now = NOW + timedelta(hours=hours)
        retention.sweep_all(now)
        drain(now)
    row = Notification.objects.get(user=desk, kind="expiry.desk")
    assert (row.data["n"], row.data["people"], row.data["until"]) == (5, 2, (TODAY + 3 * DAY).isoformat())
    assert len(told(worker)) == 4 and len(told(other)) == 1
    retention.sweep_all(NOW + DAY)
    drain(NOW + DAY)
    assert Notification.objects.filter(user=desk, kind="expiry.desk").count() == 1


@pytest.mark.django_db
def test_what_does_not_count_does_not_end(agency, worker):
    held(worker, 3, verified_on=None)
    gone = agency.worker()
    held(gone, 3)
    Worker.objects.filter(pk=gone.pk).update(status=Worker.Status.LEFT)
    assert expiring.sweep(NOW) == 0


@pytest.mark.django_db
def test_what_ends_is_found_in_as_many_queries_for_one_as_for_many(agency, worker, django_assert_num_queries):
    held(worker, 3)
    for _ in range(3):
        held(agency.worker(), 4)
    with django_assert_num_queries(5):
        assert len(expiring.endings(TODAY, TODAY + 9 * DAY)) == 4
