"""A paper from the upload to what counts: nothing before a person's word, everything with it, once."""

from datetime import date, timedelta

import pytest

from staffing.core import private_files
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import AuditEvent, Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.fixtures.papers import ACCOUNT, IDENTITY, picture
from workers.models import CertificateType, Course, Document, PapersPolicy, Worker
from workers.selectors import papers as reads
from workers.selectors import pool
from workers.services import papers
from workers.services.papers import Claim, Finding

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def health(agency: Agency) -> CertificateType:
    return CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health certificate")


@pytest.fixture
def desk(agency: Agency) -> Actor:
    return actor_of(agency.dispatcher())


def sent(worker: Worker, claim: Claim, colour: str = "white", **fields: str) -> Document:
    by = actor_of(worker.user)
    return papers.send(worker.pk, claim, picture(colour), remark=fields.get("remark", ""), by=by, now=NOW)


def test_a_certificate_counts_from_the_word_of_a_person(worker, health, desk):
    row = sent(worker, Claim("certificate", health))
    assert "health" not in pool.profile(worker.pk).certificates
    papers.accept(row.pk, Finding("示范医院", "H-1", TODAY + 300 * DAY), by=desk, now=NOW)
    held = worker.certificates.get()
    assert (held.verified_by, held.verified_on, held.expires_on) == (desk.user, TODAY, TODAY + 300 * DAY)
    assert pool.profile(worker.pk).certificates == {"health": TODAY + 300 * DAY}
    drain(NOW)
    assert Notification.objects.filter(user=worker.user, kind="paper.accepted").count() == 1
    assert AuditEvent.objects.filter(subject_type="document", action="accept").count() == 1


def test_ones_own_word_counts_if_the_policy_says_so(worker, health):
    worker.certificates.create(type=health)
    assert pool.profile(worker.pk).certificates == {"health": date.min}
    PapersPolicy(unverified_certificates_count=True).save()
    assert pool.profile(worker.pk).certificates == {"health": None}


def test_a_renewal_under_review_leaves_the_old_one(worker, health, desk):
    worker.certificates.create(type=health, verified_on=TODAY, expires_on=TODAY + DAY)
    row = sent(worker, Claim("certificate", health))
    papers.refuse(row.pk, "看不清", by=desk, now=NOW)
    assert worker.certificates.get().expires_on == TODAY + DAY
    drain(NOW)
    assert Notification.objects.get(user=worker.user, kind="paper.refused").data["reason"] == "看不清"
    again = sent(worker, Claim("certificate", health), "red")
    papers.accept(again.pk, Finding(valid_until=TODAY + 365 * DAY), by=desk, now=NOW)
    assert worker.certificates.get().expires_on == TODAY + 365 * DAY


def test_skills_languages_and_courses_from_elsewhere(agency, worker, desk):
    course = Course.objects.create(code="first-aid", name_zh="急救", name_en="First aid")
    skill = sent(worker, Claim("skill", agency.skill, 4))
    tongue = sent(worker, Claim("language", agency.language, 5))
    passed = sent(worker, Claim("course", course))
    papers.accept(skill.pk, Finding(level=5, valid_until=TODAY + DAY), by=desk, now=NOW)
    papers.accept(tongue.pk, Finding(level=4), by=desk, now=NOW)
    papers.accept(passed.pk, Finding(passed_on=TODAY - DAY), by=desk, now=NOW)
    held = worker.skills.get()
    assert (held.level, held.source, held.verified_by, held.valid_until) == (5, "paper", desk.user, TODAY + DAY)
    assert worker.languages.get().level == 4 and worker.courses.get().passed_on == TODAY - DAY


def test_a_newer_picture_takes_the_place_of_the_waiting_one_and_the_same_changes_nothing(worker, health):
    first = sent(worker, Claim("certificate", health))
    assert sent(worker, Claim("certificate", health)).pk == first.pk
    second = sent(worker, Claim("certificate", health), "red")
    first.refresh_from_db()
    assert (first.status, second.status) == ("withdrawn", "waiting")
    assert list(reads.waiting()) == [second]


def test_what_is_decided_is_decided_once(worker, health, desk):
    row = sent(worker, Claim("certificate", health))
    papers.accept(row.pk, Finding(), by=desk, now=NOW)
    with pytest.raises(Conflict):
        papers.refuse(row.pk, "x", by=desk, now=NOW)
    with pytest.raises(Conflict):
        papers.withdraw(row.pk, by=actor_of(worker.user), now=NOW)


def test_what_is_refused(agency, worker, health, desk):
    row = sent(worker, Claim("certificate", health))
    for finding in (Finding(valid_until=TODAY - DAY), Finding(level=3), Finding(number=IDENTITY)):
        with pytest.raises(Invalid):
            papers.accept(row.pk, finding, by=desk, now=NOW)
    with pytest.raises(Invalid):
        papers.refuse(row.pk, " ", by=desk, now=NOW)
    for claim in (Claim("skill", agency.skill), Claim("skill", agency.skill, 9), Claim("certificate", health, 1)):
        with pytest.raises(Invalid):
            sent(worker, claim)
    with pytest.raises(Invalid):
        sent(worker, Claim("certificate", health), remark=f"卡 {ACCOUNT}")
    with pytest.raises(Forbidden):
        papers.withdraw(row.pk, by=actor_of(agency.worker().user), now=NOW)
    assert not worker.certificates.exists()


def test_the_picture_is_ours_and_private(worker, health):
    row = sent(worker, Claim("certificate", health))
    assert private_files.read(row.file)[:4] == b"RIFF" and len(row.file) == len("0" * 32 + ".webp")


def test_the_list_of_ones_own_says_what_presses_first(worker, health, agency):
    food = CertificateType.objects.create(code="food", name_zh="食品", name_en="Food")
    worker.certificates.create(type=health, verified_on=TODAY, expires_on=TODAY + 3 * DAY)
    sent(worker, Claim("certificate", food))
    held = {each.about: each for each in reads.held_by(worker, NOW)}
    assert held[f"certificate-{health.pk}"].soon and held[f"certificate-{food.pk}"].waits
    assert next(iter(held)) == f"certificate-{health.pk}"
