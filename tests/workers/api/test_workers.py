"""Workers through the API: the agency sees the pool, a worker themselves."""

from tests.api.line import V1, as_user
from workers.models import CertificateType, WorkerCertificate

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
    assert shown["skills"] == [{"code": "chat", "name": "Online chat", "level": 3}]
    assert shown["certificates"] == [
        {"code": "health", "name": "Health certificate", "issuer": "示范医院", "expires_on": "2027-01-31"}
    ]
    assert shown["city"]["name"] == "Shanghai"


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
