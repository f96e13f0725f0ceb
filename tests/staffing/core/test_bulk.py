"""Many rows in one statement do what one at a time does."""

import pytest
from django.db import transaction

from orders.models import Position
from staffing.core import bulk
from staffing.core.actors import SYSTEM
from staffing.core.errors import Conflict
from staffing.core.models import AuditEvent
from staffing.core.transitions import change, change_many
from tests.fixtures.agency import NOW, Agency


def places(agency: Agency, headcount: int) -> list[Position]:
    """Open places of a submitted order."""
    order = agency.submitted(headcount=headcount)
    return list(Position.objects.filter(shift__order=order).select_related("shift").order_by("pk"))


def test_every_named_field_is_written_and_no_other(agency: Agency) -> None:
    rows, worker = places(agency, 3), agency.worker()
    for number, row in enumerate(rows):
        row.score, row.proposed_worker, row.urgent = number, worker if number else None, True
    bulk.update(rows, ["score", "proposed_worker"])
    found = Position.objects.order_by("pk").values_list("score", "proposed_worker", "urgent")
    assert list(found) == [(0, None, False), (1, worker.pk, False), (2, worker.pk, False)]


def test_a_row_that_is_gone_is_told(agency: Agency) -> None:
    rows = places(agency, 2)
    Position.objects.filter(pk=rows[0].pk).delete()
    with transaction.atomic(), pytest.raises(ValueError, match="1 rows are gone"):
        bulk.update(rows, ["score"])


def test_nothing_to_write(db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        bulk.update([], ["score"])


def test_many_changes_at_once_leave_what_single_ones_leave(agency: Agency) -> None:
    rows = places(agency, 4)
    with transaction.atomic():
        for row in rows[:2]:
            change(row, "propose", by=SYSTEM, now=NOW, reason="x", data={"n": row.number})
        change_many(rows[2:], "propose", by=SYSTEM, now=NOW, reason="x", data=[{"n": row.number} for row in rows[2:]])
    assert set(Position.objects.values_list("status", flat=True)) == {"proposed"}
    shown = ("action", "from_state", "to_state", "reason", "order_id", "actor_role", "subject_type")
    kept = list(AuditEvent.objects.filter(subject_type="position").values_list(*shown))
    assert len(kept) == 4
    assert len(set(kept)) == 1
    numbers = AuditEvent.objects.filter(subject_type="position").order_by("subject_id").values_list("data", flat=True)
    assert [data["n"] for data in numbers] == [1, 2, 3, 4]


def test_one_that_may_not_change_stops_all_before_anything_is_written(agency: Agency) -> None:
    rows = places(agency, 2)
    with transaction.atomic():
        change(rows[1], "close", by=SYSTEM, now=NOW)
    with transaction.atomic(), pytest.raises(Conflict):
        change_many(rows, "propose", by=SYSTEM, now=NOW)
    assert Position.objects.get(pk=rows[0].pk).status == "open"


def test_as_many_statements_for_many_as_for_one(agency: Agency, django_assert_num_queries) -> None:
    rows = places(agency, 5)
    for some in (rows[:1], rows[1:]):
        with transaction.atomic(), django_assert_num_queries(2):
            change_many(some, "propose", by=SYSTEM, now=NOW)


def test_outside_a_transaction_nothing_is_changed(committed_agency: Agency) -> None:
    rows = places(committed_agency, 1)
    with pytest.raises(RuntimeError):
        change_many(rows, "propose", by=SYSTEM, now=NOW)
    assert Position.objects.get().status == "open"
