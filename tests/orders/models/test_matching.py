"""Stored answers: what was counted is told, and older answers tell the same from what they kept."""

import numpy as np
import pytest
from django.db import connection

from orders.matching import Reason
from orders.matching.explain import mask_of
from orders.matching.masks import pack, unpack
from orders.models import MatchRun, MatchShift
from tests.fixtures.agency import Agency
from tests.orders.services.line import proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(agency: Agency) -> MatchShift:
    agency.worker()
    agency.worker(skills={})
    agency.worker(skills={}, remote_ok=False, latitude=None, longitude=None)
    return MatchShift.objects.get(run__order=proposed(agency))


def test_an_answer_without_counted_gates_is_counted_from_its_reasons(answer: MatchShift) -> None:
    MatchShift.objects.filter(pk=answer.pk).update(gates=[], ranked_total=0, rejected_total=0)
    answer.refresh_from_db()
    assert answer.gate_rows() == [
        {"gate": "skill", "removed": 2, "only": 1},
        {"gate": "place", "removed": 1, "only": 0},
    ]
    assert (answer.eligible_count(), answer.rejected_count()) == (1, 2)


def test_what_was_counted_over_everybody_is_told(answer: MatchShift) -> None:
    answer.gates = [{"gate": "skill", "removed": 99_000, "only": 12}]
    answer.ranked_total, answer.rejected_total = 900, 99_100
    answer.masks = pack(np.array([5]), np.array([mask_of([Reason("skill_missing")])], np.uint32))
    answer.save()
    kept = MatchShift.objects.get(pk=answer.pk)
    assert kept.gate_rows() == [{"gate": "skill", "removed": 99_000, "only": 12}]
    assert (kept.eligible_count(), kept.rejected_count()) == (900, 99_100)
    assert [column.tolist() for column in unpack(kept.masks)] == [[5], [mask_of([Reason("skill_missing")])]]


def test_the_version_before_can_still_write_its_rows(answer: MatchShift) -> None:
    old_run = "order_id, created_at, cause, weights_version, inputs_digest, pool_size, shortage, duration_ms"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO orders_matchrun ({old_run}) SELECT {old_run} FROM orders_matchrun WHERE id = %s RETURNING id",
            [answer.run_id],
        )
        (run,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO orders_matchshift (run_id, shift_id, ranked, rejected, shortage)"
            " SELECT %s, shift_id, ranked, rejected, shortage FROM orders_matchshift WHERE id = %s RETURNING id",
            [run, answer.pk],
        )
        (pk,) = cursor.fetchone()
    written = MatchShift.objects.select_related("run").get(pk=pk)
    assert (bytes(written.masks), written.gates, written.novice_places) == (b"", [], 0)
    assert (written.run.method, written.run.value, written.run.stopped, written.run.fallback) == (
        "",
        None,
        False,
        False,
    )
    assert not len(unpack(written.masks)[0])


def test_a_run_over_many_orders_belongs_to_none(answer: MatchShift) -> None:
    run = answer.run
    run.pk, run.order, run.cause = None, None, "batch"
    run.save(force_insert=True)
    assert MatchRun.objects.filter(order=None).get() == run
    assert str(run)
