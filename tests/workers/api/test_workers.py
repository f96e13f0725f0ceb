"""Workers through the API: the agency sees the pool, a worker themselves."""

from tests.api.line import V1, as_user
from workers.models import CertificateType, Course, WorkerCertificate, WorkerCourse

WORKERS = f"{V1}workers/"


def test_the_agency_reads_the_whole_pool(agency):
    first = agency.worker()
    agency.worker()
    kind = CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health certificate")
    WorkerCertificate.objects.create(worker=first, type=kind, issuer="示范医院", expires_on="2027-01-31")
    speaker = as_user(agency.dispatcher(), "en")
    assert speaker.get(WORKERS).json()["count"] == 2
    shown = speaker.get(f"{WORKERS}{first.pk}/").json()
    assert (shown["name"], shown["phone"], shown["stars"]) == (first.user.name, first.user.phone, "4.5")
    known = {"source": "self", "verified_on": None, "valid_until": None}
    assert shown["skills"] == [{"code": "chat", "name": "Online chat", "level": 3, "grade": "level 3", **known}]
    assert shown["certificates"] == [
        {"code": "health", "name": "Health certificate", "issuer": "示范医院", "expires_on": "2027-01-31"}
    ]
    assert shown["city"]["name"] == "Shanghai"


def test_courses_passed_are_told_with_their_last_day(agency):
    worker = agency.worker()
    for code, until in (("pos", "2027-03-01"), ("fire", None)):
        course = Course.objects.create(code=code, name_zh=code, name_en=code.upper())
        WorkerCourse.objects.create(worker=worker, course=course, passed_on="2026-03-01", valid_until=until, score=88)
    for user in (agency.dispatcher(), worker.user):
        shown = as_user(user, "en").get(f"{WORKERS}{worker.pk}/").json()
        assert sorted(shown["courses"], key=lambda row: row["code"]) == [
            {"code": "fire", "name": "FIRE", "passed_on": "2026-03-01", "valid_until": None},
            {"code": "pos", "name": "POS", "passed_on": "2026-03-01", "valid_until": "2027-03-01"},
        ]


def test_where_somebody_lives_is_not_told(agency):
    worker = agency.worker()
    shown = as_user(agency.manager()).get(f"{WORKERS}{worker.pk}/").json()
    assert not {"latitude", "longitude"} & shown.keys()


def test_a_worker_sees_themselves_whole_and_nobody_else(agency):
    worker, other = agency.worker(), agency.worker()
    speaker = as_user(worker.user)
    answer = speaker.get(WORKERS).json()
    assert [row["id"] for row in answer["results"]] == [worker.pk]
    assert answer["results"][0]["phone"] == worker.user.phone
    assert speaker.get(f"{WORKERS}{other.pk}/").status_code == 404
