"""Reads of the pool."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.fixtures.agency import NOW, Agency
from workers.models import (
    AvailabilityException,
    CertificateType,
    Course,
    Worker,
    WorkerCertificate,
    WorkerCourse,
)
from workers.selectors.pool import profile, profiles


def test_one_person_is_read_in_one_query_and_as_everybody_is(agency: Agency) -> None:
    plain, full = agency.worker(windows=()), agency.worker(weekly_cap_minutes=600)
    kind = CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health")
    course = Course.objects.create(code="brand", name_zh="品牌", name_en="Brand")
    WorkerCertificate.objects.create(worker=full, type=kind, expires_on=None, verified_on=NOW)
    WorkerCourse.objects.create(worker=full, course=course, passed_on=date(2026, 1, 1), valid_until=date(2027, 1, 1))
    for hours, way in ((10, "off"), (400, "extra")):
        start = NOW + timedelta(hours=hours, microseconds=1)
        AvailabilityException.objects.create(
            worker=full, kind=way, start_at=start, end_at=start + timedelta(minutes=90)
        )
    agency.worker()
    for person in (plain, full):
        with CaptureQueriesContext(connection) as asked:
            found = profile(person.pk)
        assert len(asked) == 1
        assert [found] == [each for each in profiles() if each.id == person.pk]


def test_nobody_is_an_error(agency: Agency) -> None:
    with pytest.raises(Worker.DoesNotExist):
        profile(1)
