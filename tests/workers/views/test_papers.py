"""The pages of papers: sent on the phone, judged at the desk one after the other, checks by two, another's is none."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.papers import picture
from workers.models import BackgroundCheck, CertificateType, Document, Worker
from workers.services import papers
from workers.services.papers import Claim

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def health(agency: Agency) -> CertificateType:
    return CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health certificate")


@pytest.fixture
def desk(agency: Agency) -> Browser:
    return browser_of(agency.dispatcher())


def sent(worker: Worker, health: CertificateType) -> Document:
    return papers.send(worker.pk, Claim("certificate", health), picture(), remark="", by=actor_of(worker.user), now=NOW)


def test_a_worker_chooses_and_sends(worker, health):
    phone = browser_of(worker.user)
    chosen = phone.get("/my/papers/new/", {"about": f"certificate-{health.pk}"})
    assert chosen.status_code == 302
    assert phone.post(chosen["Location"], {"remark": "新办"}).status_code == 422
    answer = phone.post(chosen["Location"], {"photo": picture(), "remark": "新办"})
    assert answer.status_code == 302 and Document.objects.get().remark == "新办"
    page = phone.get("/my/papers/").content.decode()
    assert "健康证" in page and "审核中" in page
    for wrong in ("certificate-999", "x-1", "certificate-", "certificate-9999999999999999999"):
        assert phone.get("/my/papers/send/", {"about": wrong}).status_code == 302


def test_a_picture_is_seen_by_its_owner_and_the_agency_alone(agency, worker, health, desk):
    url = f"/papers/{sent(worker, health).pk}/image/"
    assert browser_of(worker.user).get(url)["Content-Type"] == "image/webp"
    assert "no-store" in desk.get(url)["Cache-Control"]
    assert browser_of(agency.worker().user).get(url).status_code == 404
    assert browser_of(agency.member(agency.client())).get(url).status_code == 403


def test_the_desk_goes_from_one_to_the_next(agency, worker, health, desk):
    first, second = sent(worker, health), sent(agency.worker(), health)
    page = desk.get("/desk/papers/").content.decode()
    assert page.index(f"/desk/papers/{first.pk}/") < page.index(f"/desk/papers/{second.pk}/")
    url = f"/desk/papers/{first.pk}/"
    wrong = desk.post(url, {"issuer": "示范医院", "valid_until": (TODAY - DAY).isoformat()})
    assert wrong.status_code == 422 and "示范医院" in wrong.content.decode()
    done = desk.post(url, {"issuer": "示范医院", "valid_until": (TODAY + DAY).isoformat()})
    assert done.url == f"/desk/papers/{second.pk}/"
    again = desk.post(url, {"issuer": "另一家"})
    assert again.status_code == 422 and worker.certificates.get().issuer == "示范医院"
    refuse = f"/desk/papers/{second.pk}/refuse/"
    assert desk.post(refuse, {"reason": ""}).status_code == 422
    assert desk.post(refuse, {"reason": "看不清"}).url == "/desk/papers/"


def test_a_check_goes_through_two_hands(agency, worker, desk):
    day = (TODAY + 99 * DAY).isoformat()
    made = desk.post(f"/people/{worker.pk}/checks/new/", {"level": 2, "source": "证明", "valid_until": day, "note": ""})
    row = BackgroundCheck.objects.get()
    assert made.url == f"/desk/checks/{row.pk}/"
    desk.post(f"{made.url}approve/")
    desk.post(f"{made.url}approve/")
    row.refresh_from_db()
    assert row.status == "half" and "须由另一位同事复核" in desk.get(made.url).content.decode()
    manager = browser_of(agency.manager())
    manager.post(f"{made.url}approve/")
    worker.refresh_from_db()
    assert (worker.clearance, worker.clearance_until) == (2, TODAY + 99 * DAY)
    manager.post(f"{made.url}close/", {"reason": "材料不实"})
    worker.refresh_from_db()
    assert worker.clearance == 0


def test_a_number_that_is_typed_wrongly_stays_in_its_field(worker):
    phone = browser_of(worker.user)
    answer = phone.post("/my/me/numbers/identity/", {"number": "110105194912310021"})
    assert answer.status_code == 422 and "no-store" in answer["Cache-Control"]
    assert answer.content.decode().count("110105194912310021") == 1
