"""The vault: whose number, by whom it was seen, and how keys change."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from staffing.core import personal
from staffing.core import vault as safe
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import AuditEvent, Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.fixtures.papers import ACCOUNT, IDENTITY, OTHER_IDENTITY
from workers.models import PapersPolicy, VaultEntry, Worker
from workers.services import retention, vault

pytestmark = pytest.mark.django_db
OLD, NEW = "o" * 43, "n" * 43
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def one_key(settings):
    settings.VAULT_KEYS = [OLD]


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def manager(agency: Agency) -> Actor:
    return actor_of(agency.manager(name="赵经理"))


def put(worker: Worker, number: str = IDENTITY, kind: str = "identity") -> VaultEntry:
    return vault.put(worker.pk, kind, number, by=actor_of(worker.user), now=NOW)


def shown(worker: Worker, by: Actor, kind: str = "identity", reason: str = "签约") -> str:
    return vault.reveal(worker.pk, kind, reason, by=by, now=NOW)


def test_it_is_kept_unreadable_and_shown_by_its_ends(worker, manager):
    row = put(worker, "９９００００ 19900101 0009")
    assert row.hint == "990***********0009" and IDENTITY.encode() not in bytes(row.content)
    assert shown(worker, manager) == IDENTITY


def test_the_same_again_changes_nothing_and_another_takes_its_place(worker, manager):
    first = put(worker)
    assert put(worker).changed_at == first.changed_at and AuditEvent.objects.filter(action="set_identity").count() == 1
    put(worker, OTHER_IDENTITY)
    assert VaultEntry.objects.count() == 1 and shown(worker, manager) == OTHER_IDENTITY


@pytest.mark.parametrize(("kind", "text"), [("identity", IDENTITY[:-1] + "1"), ("identity", ""), ("bank", "621700000")])
def test_what_is_no_number_is_refused_without_repeating_it(worker, kind, text):
    with pytest.raises(Invalid) as refusal:
        put(worker, text, kind)
    assert not text or text not in str(refusal.value)


def test_nobody_writes_another_ones(agency, worker):
    with pytest.raises(Forbidden):
        vault.put(worker.pk, "bank", ACCOUNT, by=actor_of(agency.worker().user), now=NOW)


def test_every_look_is_written_down_told_and_seen_by_the_worker(worker, manager):
    put(worker, ACCOUNT, "bank")
    assert shown(worker, manager, "bank", "发放报酬") == ACCOUNT
    event = AuditEvent.objects.get(action="reveal_bank")
    assert (event.actor, event.subject_id, event.reason, event.data) == (manager.user, worker.pk, "发放报酬", {})
    drain(NOW)
    assert Notification.objects.get(user=worker.user, kind="vault.revealed").data["who"] == "赵经理"
    assert any(use.text == "赵经理 查看了您的银行卡号：发放报酬" for use in personal.uses(worker.user, 20))


def test_who_may_look(agency, worker, manager):
    put(worker)
    desk = actor_of(agency.dispatcher())
    for by in (desk, actor_of(worker.user), actor_of(agency.member(agency.client()))):
        with pytest.raises(Forbidden):
            shown(worker, by)
    PapersPolicy(dispatcher_reveals=True).save()
    assert shown(worker, desk) == IDENTITY
    for reason in (" ", f"号码 {IDENTITY}"):
        with pytest.raises(Invalid):
            shown(worker, manager, reason=reason)
    with pytest.raises(Conflict):
        shown(worker, manager, "bank")


def test_contents_that_change_places_are_not_read(agency, worker, manager):
    other = agency.worker()
    mine, theirs = put(worker), put(other, OTHER_IDENTITY)
    VaultEntry.objects.filter(pk=mine.pk).update(content=bytes(theirs.content))
    with pytest.raises(Conflict) as refusal:
        shown(worker, manager)
    assert refusal.value.code == "unreadable" and not AuditEvent.objects.filter(action="reveal_identity").exists()


def test_the_same_number_of_two_people_is_told_to_managers(agency, worker, manager):
    other = agency.worker()
    put(other)
    put(worker)
    drain(NOW)
    told = Notification.objects.get(user=manager.user, kind="vault.duplicate")
    assert told.data == {"worker": worker.user.name, "other": other.user.name}
    assert set(vault.find("identity", IDENTITY)) == set(VaultEntry.objects.all())


def rotated(**options: int) -> str:
    out = StringIO()
    call_command("rotate_vault", stdout=out, **options)
    return out.getvalue()


def test_a_rotation_goes_on_where_it_stopped_and_ends(agency, manager, settings):
    people = [agency.worker() for _ in range(3)]
    for person in people:
        put(person, ACCOUNT, "bank")
    settings.VAULT_KEYS = [NEW, OLD]
    next(iter(vault.rotate(1)))
    assert VaultEntry.objects.filter(key=safe.keys()[0].name).count() == 1
    assert vault.find("bank", ACCOUNT).count() == 3
    assert rotated(batch=2).splitlines() == ["2 encrypted anew", "done"]
    assert rotated().splitlines() == ["done"]
    settings.VAULT_KEYS = [NEW]
    assert [shown(person, manager, "bank") for person in people] == [ACCOUNT] * 3
    assert vault.find("bank", ACCOUNT).count() == 3


def test_a_rotation_without_the_old_key_says_which_rows_it_cannot_read(worker, settings):
    row = put(worker)
    settings.VAULT_KEYS = [NEW]
    with pytest.raises(CommandError, match=str(row.pk)):
        rotated()
    settings.VAULT_KEYS = [NEW, OLD]
    assert rotated().splitlines()[-1] == "done"


def test_numbers_go_some_time_after_somebody_has_left(worker, manager):
    put(worker)
    Worker.objects.filter(pk=worker.pk).update(status=Worker.Status.LEFT)
    retention.sweep(NOW)
    retention.sweep(NOW + 89 * DAY)
    assert VaultEntry.objects.exists()
    Worker.objects.filter(pk=worker.pk).update(status=Worker.Status.ACTIVE)
    retention.sweep(NOW + 89 * DAY)
    assert VaultEntry.objects.get().delete_at is None
    Worker.objects.filter(pk=worker.pk).update(status=Worker.Status.LEFT)
    retention.sweep(NOW + 90 * DAY)
    retention.sweep(NOW + 180 * DAY)
    assert not VaultEntry.objects.exists()


def test_a_dump_of_the_table_has_it_nowhere(worker):
    put(worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM workers_vaultentry v")
        dump = cursor.fetchone()[0]
    assert IDENTITY not in dump and IDENTITY.encode().hex() not in dump
