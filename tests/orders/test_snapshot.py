"""The kept pool answers as a fresh reading would, whatever changed and whoever changed it."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from orders import pool_reader, snapshot
from orders.matching.tables import Tables
from orders.pool import candidates_for
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.pool_scene import SMALL, UNSEEN, WHOLE, Scene, fresh, kept, said
from workers import pool_changes
from workers.models import (
    Worker,
    WorkerSkill,
)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    snapshot.clear()
    yield
    snapshot.clear()


@pytest.fixture
def scene(committed_agency: Agency) -> Scene:
    built = Scene(committed_agency)
    # its proposals have read the pool
    snapshot.clear()
    return built


@pytest.mark.parametrize("name", SMALL)
def test_a_change_is_read_without_reading_everybody(scene: Scene, name: str) -> None:
    before = kept()
    assert before == fresh()
    SMALL[name](scene)
    after = kept()
    assert after == fresh()
    assert after != before
    found = snapshot.current(NOW)
    assert (found.full_reads, found.private) == (1, False)
    assert 1 <= found.refreshed <= 4


@pytest.mark.parametrize("name", WHOLE)
def test_a_change_of_everything_reads_everybody(scene: Scene, name: str) -> None:
    Worker.objects.update(contract="part_time")
    before = kept()
    WHOLE[name](scene)
    after = kept()
    assert after == fresh()
    assert (after == before) == (name in UNSEEN - {"policy"})
    assert snapshot.current(NOW).full_reads == 2


@pytest.mark.parametrize("name", [*SMALL, *WHOLE])
def test_ones_own_change_is_seen_and_after_a_rollback_is_not(scene: Scene, name: str) -> None:
    before = kept()
    with transaction.atomic():
        (SMALL | WHOLE)[name](scene)
        assert kept() == fresh()
        assert snapshot.current(NOW).private
        transaction.set_rollback(True)
    assert kept() == before == fresh()
    assert not snapshot.current(NOW).private


def test_ones_own_change_stays_after_the_commit(scene: Scene) -> None:
    kept()
    with transaction.atomic():
        Worker.objects.filter(pk=scene.free.pk).update(reliability=3)
        inside = kept()
    assert kept() == inside == fresh()


def test_a_first_reading_inside_a_transaction_keeps_nothing_of_it(scene: Scene) -> None:
    with transaction.atomic():
        Worker.objects.update(reliability=3)
        assert kept() == fresh()
        transaction.set_rollback(True)
    assert kept() == fresh()
    assert snapshot.current(NOW).full_reads == 1


def test_a_snapshot_in_hand_stays_as_it_was(scene: Scene) -> None:
    held = snapshot.current(NOW)
    before = said(held.pool.tables(), held.catalogue)
    Worker.objects.update(reliability=3)
    assert kept() != before
    assert said(held.pool.tables(), held.catalogue) == before


def test_nothing_changed_costs_one_query(scene: Scene, django_assert_num_queries: Any) -> None:
    kept()
    with django_assert_num_queries(1):
        snapshot.current(NOW)


@pytest.fixture
def other(scene: Scene) -> Iterator[Any]:
    """A second connection to the same database, in a transaction of its own."""
    own = connection.get_connection_params()
    opened = psycopg2.connect(**{key: own[key] for key in own if key not in ("cursor_factory", "context")})
    yield opened
    opened.close()


def test_a_commit_that_comes_late_is_not_missed(scene: Scene, other: Any) -> None:
    kept()
    other.cursor().execute("UPDATE workers_worker SET reliability = 1 WHERE id = %s", [scene.free.pk])
    scene.agency.worker()
    assert kept() == fresh()
    other.commit()
    assert kept() == fresh()
    assert snapshot.current(NOW).full_reads == 1


def test_anothers_commit_on_somebody_one_changes_oneself(scene: Scene, other: Any) -> None:
    kept()
    with transaction.atomic():
        WorkerSkill.objects.filter(worker=scene.free).update(level=1)
        other.cursor().execute("UPDATE workers_worker SET reliability = 1 WHERE id = %s", [scene.free.pk])
        other.commit()
        assert kept() == fresh()
        transaction.set_rollback(True)
    assert kept() == fresh()


def test_a_commit_between_two_statements_of_a_reading(
    scene: Scene, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = pool_reader._rows

    def interrupted(cursor: Any, source: Any, params: Any) -> Any:
        rows = plain(cursor, source, params)
        if source is pool_reader.CHILDREN["bookings"] and not done:
            done.append(1)
            other.cursor().execute("UPDATE workers_worker SET reliability = 1")
            other.cursor().execute("UPDATE orders_assignment SET worker_id = %s", [scene.free.pk])
            other.commit()
        return rows

    done: list[int] = []
    monkeypatch.setattr(pool_reader, "_rows", interrupted)
    found = kept()
    assert done
    assert found == fresh()


def test_a_code_newer_than_the_catalogue_reads_everything_anew(
    scene: Scene, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = pool_reader.read_codes

    def interrupted() -> Any:
        codes = plain()
        if not done:
            done.append(1)
            with other.cursor() as cursor:
                cursor.execute("INSERT INTO workers_skill (code, name_zh, name_en) VALUES ('n', '', '') RETURNING id")
                cursor.execute(
                    "INSERT INTO workers_workerskill (worker_id, skill_id, level) VALUES (%s, %s, 1)",
                    [scene.free.pk, cursor.fetchone()[0]],
                )
            other.commit()
        return codes

    done: list[int] = []
    monkeypatch.setattr(pool_reader, "read_codes", interrupted)
    assert kept() == fresh()


def test_an_hour_later_everything_is_read(scene: Scene) -> None:
    hour = timedelta(hours=1)
    for now, reads in ((NOW, 1), (NOW + hour - timedelta(seconds=1), 1), (NOW + hour, 2), (NOW, 3)):
        found = snapshot.current(now)
        assert found.full_reads == reads
    assert found.read_at == NOW


def test_who_slept_longer_than_the_log_is_kept_reads_everything(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    kept()
    assert snapshot._keeper._kept is not None
    snapshot._keeper._kept.looked -= pool_changes.KEPT.total_seconds() / 2
    assert snapshot.current(NOW).full_reads == 2


def test_a_database_restored_from_a_copy_is_noticed(scene: Scene) -> None:
    kept()
    assert snapshot._keeper._kept is not None
    snapshot._keeper._kept.seen = pool_changes.Seen("900000000:900000000:", None)
    Worker.objects.update(reliability=3)
    assert kept() == fresh()
    assert snapshot.current(NOW).full_reads == 2


def test_too_many_changes_read_everything(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    kept()
    monkeypatch.setattr(pool_changes, "MOST", 2)
    Worker.objects.update(reliability=3)
    assert kept() == fresh()
    assert snapshot.current(NOW).full_reads == 2
    with transaction.atomic():
        Worker.objects.update(reliability=4)
        assert kept() == fresh()


def test_a_long_tail_is_sorted_in(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LONGEST_TAIL", 3)
    tails = []
    for reliability in range(1, 8):
        Worker.objects.filter(pk=scene.free.pk).update(reliability=reliability)
        tails.append(snapshot.current(NOW).pool.tail)
    assert tails == [0, 1, 2, 3, 0, 1, 2]
    assert kept() == fresh()


def test_another_process_changes_and_reads(scene: Scene, process_env: Mapping[str, str]) -> None:
    code = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "staffing.settings"
django.setup()
from datetime import datetime
from orders import snapshot
from workers.models import Worker
for line in iter(input, "end"):
    now, worker, value = line.split()
    pool = snapshot.current(datetime.fromisoformat(now)).pool
    Worker.objects.filter(pk=worker).update(reliability=value)
    print(pool.candidate(pool.row_of(int(worker))).reliability, flush=True)
"""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], env=process_env, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for mine, theirs in ((11, 12), (13, 14)):
            Worker.objects.filter(pk=scene.free.pk).update(reliability=mine)
            print(NOW.isoformat(), scene.free.pk, theirs, file=child.stdin, flush=True)
            assert child.stdout.readline() == f"{mine}\n"
        print("end", file=child.stdin, flush=True)
        assert child.wait(timeout=60) == 0
    pool = snapshot.current(NOW).pool
    assert pool.candidate(pool.row_of(scene.free.pk)).reliability == 14


@pytest.mark.race
def test_threads_share_one_pool(scene: Scene) -> None:
    kept()
    wrong: list[object] = []

    def change(value: int) -> None:
        try:
            for step in range(5):
                Worker.objects.filter(pk=scene.free.pk).update(services_done=10 * value + step)
                pool = snapshot.current(NOW).pool
                if pool.candidate(pool.row_of(scene.free.pk)).services_done < 10:
                    wrong.append("older than one's own commit")
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(value,)) for value in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert kept() == fresh()
    assert snapshot.current(NOW).full_reads == 1


def test_a_forked_child_starts_with_nothing(scene: Scene) -> None:
    kept()
    with snapshot._keeper._lock:
        child = os.fork()
        if child == 0:
            clean = snapshot._keeper._kept is None and snapshot._keeper._lock.acquire(blocking=False)
            os._exit(0 if clean else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert snapshot.current(NOW).full_reads == 1


def test_without_the_columns_there_is_none_for_a_while(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def broken(*args: Any, **options: Any) -> Tables:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        raise AssertionError

    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(pool_reader, "read", broken)
        assert snapshot.available(NOW) is None
        assert snapshot.available(NOW) is None
        # The caller's transaction goes on.
        assert Worker.objects.exists()
    assert tries == [1]
    assert "columns cannot be had" in caplog.text
    assert snapshot.available(NOW) is None
    monkeypatch.setattr(snapshot, "PAUSE_SECONDS", 0.0)
    assert snapshot.available(NOW) is not None


def test_what_stops_every_other_way_too_is_raised(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            snapshot.available(NOW)
    with monkeypatch.context() as patched:
        patched.setattr(pool_reader, "read", _out_of_time)
        with pytest.raises(SoftTimeLimitExceeded):
            snapshot.available(NOW)
    assert snapshot.available(NOW) is not None


def _out_of_time(*args: Any, **options: Any) -> Tables:
    raise SoftTimeLimitExceeded


def test_a_reading_that_fails_loses_no_change(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    kept()
    Worker.objects.update(reliability=3)
    with monkeypatch.context() as patched:
        patched.setattr(pool_reader, "CHILDREN", {"skills": pool_reader.Source("SELECT nothing", ())})
        with pytest.raises(ProgrammingError):
            snapshot.current(NOW)
    assert kept() == fresh()
    assert snapshot.current(NOW).full_reads == 1


@pytest.mark.django_db
@pytest.mark.parametrize("round_", [1, 2])
def test_a_test_that_is_rolled_back_leaves_nothing_to_the_next(round_: int) -> None:
    agency = Agency()
    people = {agency.worker().pk for _ in range(round_)}
    assert set(snapshot.current(NOW).pool.ids.tolist()) == people


# Read with the whole row of the policy, or to sort by, but by no rule of matching.
UNUSED = {"night_percent", "holiday_percent", "night_start", "night_end", "number"} | {
    "copies_an_hour",
    "close_tries_an_hour",
    "close_minutes",
}


@pytest.mark.django_db
def test_all_that_matching_reads_of_people_is_watched(agency: Agency) -> None:
    agency.worker()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        candidates_for(NOW, NOW + DAY, NOW)
    text = " ".join(query["sql"] for query in queries)
    read = set(re.findall(r'"(\w+)"\."(\w+)"', text))
    assert {"workers_worker", "workers_workercourse", "core_user", "orders_site"} < {table for table, _ in read}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.proname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE p.proname LIKE 'log\\_%'"
        )
        watched = {name.removeprefix("log_"): source for name, source in cursor.fetchall()}
    unread = {(table, column) for table, column in read if column == "id" or column in UNUSED}
    missing = [(t, c) for t, c in sorted(read - unread) if not re.search(rf"\b{c}\b", watched.get(t, ""))]
    assert missing == []
