"""Many rows in one statement do what one at a time does."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Value

from orders.models import Position
from staffing.core import bulk
from staffing.core.actors import SYSTEM
from staffing.core.bulk import among
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


ODD = ['a "quoted" \\ text', "{1,2}", "NULL", "", "两行\n'字'"]


def encoded(moment: datetime) -> str:
    """As Django puts it into JSON."""
    return str(json.loads(json.dumps(moment, cls=DjangoJSONEncoder)))


def test_rows_given_as_columns_are_written_as_they_are_given(db: None) -> None:
    columns: dict[str, list[Any]] = {
        "at": [NOW] * 5,
        "actor_role": ["system"] * 5,
        "subject_type": ["x"] * 5,
        "subject_id": [3, 1, 2, 5, 4],
        "order_id": [None, 1, None, 2, 3],
        "action": ODD,
        "data": [{"n": 1}, {"n": True}, {"when": NOW}, {text: text for text in ODD}, {}],
    }
    ids = bulk.insert(AuditEvent, columns)
    found = {row.pk: row for row in AuditEvent.objects.all()}
    assert [found[pk].subject_id for pk in ids] == columns["subject_id"]
    assert [found[pk].order_id for pk in ids] == columns["order_id"]
    assert [found[pk].action for pk in ids] == ODD
    shown = [{"n": 1}, {"n": True}, {"when": encoded(NOW)}, columns["data"][3], {}]
    assert [found[pk].data for pk in ids] == shown
    assert found[ids[1]].data["n"] is True
    assert {(found[pk].at, found[pk].actor, found[pk].reason) for pk in ids} == {(NOW, None, "")}


@pytest.mark.parametrize("listed", [[{}, {}], [[], []], [{}, []], [[], [0]], [{}, {"n": 0}], [0, False], [False, {}]])
def test_what_is_empty_in_json_stays_what_it_is(db: None, listed: list[Any]) -> None:
    columns = {name: ["x"] * 2 for name in ("actor_role", "subject_type", "action")} | {"at": [NOW] * 2}
    ids = bulk.insert(AuditEvent, {"subject_id": [1, 2], **columns, "data": listed})
    kept = [AuditEvent.objects.get(pk=pk).data for pk in ids]
    assert list(map(repr, kept)) == list(map(repr, listed))


def test_more_rows_than_one_statement_takes(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    columns: dict[str, list[Any]] = {"subject_id": [5, 4, 3, 2, 1], "at": [NOW] * 5}
    ids = bulk.insert(AuditEvent, columns | {name: ["x"] * 5 for name in ("actor_role", "subject_type", "action")})
    assert list(AuditEvent.objects.filter(pk__in=ids).order_by("-pk").values_list("subject_id", flat=True)) == [
        *range(1, 6)
    ]
    assert bulk.insert(AuditEvent, {"subject_id": []}) == []


def test_new_rows_get_their_ids_and_are_saved(agency: Agency) -> None:
    shift = agency.draft(headcount=1).shifts.get()
    rows = [Position(shift=shift, number=number, score=number) for number in (9, 7, 8)]
    bulk.create(rows)
    for row in rows:
        row.urgent = True
        row.save()
    kept = {row.pk: (row.number, row.score, row.status, row.urgent) for row in Position.objects.filter(score__gt=0)}
    assert [kept[row.pk] for row in rows] == [(number, number, "open", True) for number in (9, 7, 8)]


def test_what_a_constraint_forbids_is_left_out_where_that_is_asked_for(agency: Agency) -> None:
    shift = agency.draft(headcount=1).shifts.get()
    columns: dict[str, list[Any]] = {"shift_id": [shift.pk] * 2, "number": [1, 2]}
    assert len(bulk.insert(Position, columns, ignore_conflicts=True)) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Position, columns)


@pytest.mark.parametrize("count", [1, bulk.MANY])
def test_a_broken_reference_is_refused_however_many_there_are(committed_agency: Agency, count: int) -> None:
    rows = places(committed_agency, count)
    for row in rows:
        row.proposed_worker_id = 1_000_000
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.update(rows, ["proposed_worker"])


def test_among_is_one_of_these(agency: Agency) -> None:
    rows = places(agency, 3)
    assert list(Position.objects.filter(among("pk", [rows[0].pk, rows[2].pk])).order_by("pk")) == [rows[0], rows[2]]
    assert not Position.objects.filter(among("shift__order_id", ())).exists()


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


def test_several_lists_are_read_at_once(agency: Agency, django_assert_num_queries: Any) -> None:
    rows, none = places(agency, 2), Position.objects.none()
    with django_assert_num_queries(1):
        first, empty, numbers = bulk.together(
            (Position.objects.all(), ["pk", Value(0)]),
            (none, ["pk", "number"]),
            (Position.objects.all(), ["pk", "number"]),
        )
    assert sorted(first) == [[row.pk, 0] for row in rows]
    assert (empty, sorted(numbers)) == ([], [[row.pk, row.number] for row in rows])
    assert bulk.together((none, ["pk"])) == [[]]
