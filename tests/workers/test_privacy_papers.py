"""What papers, checks and the vault keep goes with the person or after its time; what was done stays readable."""

from datetime import timedelta

import pytest

from staffing.core import personal, private_files
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.papers import ACCOUNT, IDENTITY, picture
from workers.models import BackgroundCheck, CertificateType, Document, ExpiryWarning, VaultEntry, Worker
from workers.services import accounts, checks, expiring, papers, retention, vault
from workers.services.checks import Wanted
from workers.services.papers import Claim, Finding

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NAME = "欧阳若溪"


@pytest.fixture
def person(agency: Agency) -> Worker:
    """Somebody with a paper, a check that passed, a warning, and both numbers."""
    worker, desk = agency.worker(), actor_of(agency.dispatcher())
    User.objects.filter(pk=worker.user_id).update(name=NAME)
    worker.user.refresh_from_db()
    by = actor_of(worker.user)
    kind = CertificateType.objects.create(code="health", name_zh="健康证", name_en="H")
    row = papers.send(worker.pk, Claim("certificate", kind), picture(), remark="", by=by, now=NOW)
    papers.accept(row.pk, Finding(valid_until=NOW.date() + 9 * DAY), by=desk, now=NOW)
    check = checks.request(worker.pk, Wanted(1, "证明", NOW.date() + 99 * DAY), by=desk, now=NOW)
    checks.approve(check.pk, by=desk, now=NOW)
    checks.revoke(check.pk, f"{NAME}提供的证明不实", by=desk, now=NOW)
    for secret, number in (("identity", IDENTITY), ("bank", ACCOUNT)):
        vault.put(worker.pk, secret, number, by=by, now=NOW)
    expiring.sweep(NOW)
    return worker


def test_everything_goes_with_the_account_and_the_audit_stays(person, django_capture_on_commit_callbacks):
    file = Document.objects.get().file
    events = AuditEvent.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        accounts.close(person, by=actor_of(person.user), now=NOW + DAY)
    for model in (Document, BackgroundCheck, VaultEntry, ExpiryWarning):
        assert not model.objects.exists(), model
    with pytest.raises(FileNotFoundError):
        private_files.read(file)
    assert AuditEvent.objects.count() == events + 1
    revoked = AuditEvent.objects.get(subject_type="backgroundcheck", action="revoke")
    assert NAME not in revoked.reason and "提供的证明不实" in revoked.reason


def test_the_copy_of_ones_own_has_all_of_it_and_numbers_by_their_ends(person):
    tables = {name: rows for holder in personal.holders() for name, rows in holder.tables(person.user).items()}
    assert [row["hint"] for row in tables["numbers"]] == ["621************0004", "990***********0009"]
    assert len(tables["papers"]) == len(tables["background_checks"]) == 1
    assert IDENTITY not in str(tables) and ACCOUNT not in str(tables)


def test_pictures_go_after_the_policys_days_and_the_facts_stay(person, django_capture_on_commit_callbacks):
    row = Document.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.sweep(NOW + 365 * DAY) == 0
        assert retention.sweep(NOW + 366 * DAY) == 1 and retention.sweep(NOW + 366 * DAY) == 0
    with pytest.raises(FileNotFoundError):
        private_files.read(row.file)
    row.refresh_from_db()
    assert (row.file, row.status) == ("", "accepted") and person.certificates.get().verified_on == NOW.date()


def test_what_was_refused_goes_sooner(person, agency):
    Document.objects.update(status="refused")
    retention.sweep(NOW + 89 * DAY)
    assert Document.objects.exists()
    retention.sweep(NOW + 91 * DAY)
    assert not Document.objects.exists()
