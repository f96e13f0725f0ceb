"""What workers have promised elsewhere takes their time away wherever somebody asks when they are free."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from orders import pool, reach_sql, snapshot
from orders.matching import Weights, reasons_against
from orders.matching.demand import Demand
from orders.matching.pairs import find_pairs
from staffing.core.actors import actor_of
from staffing.core.errors import Forbidden, Invalid
from staffing.core.models import AuditEvent, Role
from tests.fixtures.agency import NOW
from workers.models import AvailabilityException, Commitment, Worker
from workers.services import accounts, availability, commitments
from workers.services.commitments import Plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = NOW.astimezone(SHANGHAI).date()
TUESDAY = TODAY + timedelta(days=(1 - TODAY.weekday()) % 7 or 7)
LECTURE = Plan("算法课", (1,), 14 * 60, 16 * 60, TUESDAY, TUESDAY + timedelta(days=27))


@pytest.fixture
def person(agency) -> Worker:
    return agency.worker()


@pytest.fixture
def myself(person):
    return {"by": actor_of(person.user), "now": NOW}


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def times(person: Worker) -> list[tuple[datetime, datetime]]:
    return list(person.exceptions.order_by("start_at").values_list("start_at", "end_at"))


def test_a_lecture_takes_the_same_hours_of_every_tuesday_of_the_term(person, myself):
    commitments.add(person.pk, LECTURE, **myself)
    tuesdays = [TUESDAY + timedelta(days=7 * week) for week in range(4)]
    assert times(person) == [(at(day, 14), at(day, 16)) for day in tuesdays]
    assert set(person.exceptions.values_list("kind", flat=True)) == {"off"}


def test_once_is_once_and_may_pass_midnight(person, myself):
    commitments.add(person.pk, Plan("值夜", (), 22 * 60, 26 * 60 + 30, TUESDAY, TUESDAY), **myself)
    assert times(person) == [(at(TUESDAY, 22), at(TUESDAY + timedelta(days=1), 2, 30))]


def test_what_is_over_of_the_term_is_not_written(person, myself):
    commitments.add(
        person.pk, Plan("课", (1,), 840, 960, TUESDAY - timedelta(days=28), TUESDAY), by=myself["by"], now=NOW
    )
    assert times(person) == [(at(TUESDAY, 14), at(TUESDAY, 16))]


def test_the_same_again_changes_nothing_and_is_told_once_without_its_name(person, myself):
    for _attempt in range(2):
        commitments.add(person.pk, LECTURE, **myself)
    assert (Commitment.objects.count(), len(times(person))) == (1, 4)
    event = AuditEvent.objects.get(subject_type="worker", subject_id=person.pk)
    assert event.action == "add_commitment" and "算法课" not in str(event.data)


def _without(**changes) -> Plan:
    values = {name: getattr(LECTURE, name) for name in Plan.__slots__}
    return Plan(**values | changes)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (_without(name=" "), "no_name"),
        (_without(end_minute=14 * 60), "bad_span"),
        (_without(start_minute=1440, end_minute=1500), "bad_span"),
        (_without(end_minute=2881), "bad_span"),
        (_without(last_day=TUESDAY - timedelta(days=1)), "bad_span"),
        (_without(last_day=TUESDAY + timedelta(days=366)), "bad_span"),
        (_without(weekdays=(3,), last_day=TUESDAY), "past"),
        (_without(first_day=TUESDAY - timedelta(days=28), last_day=TUESDAY - timedelta(days=7)), "past"),
    ],
)
def test_what_is_no_plan_is_refused_and_leaves_nothing(person, myself, plan, code):
    with pytest.raises(Invalid) as refusal:
        commitments.add(person.pk, plan, **myself)
    assert refusal.value.code == code
    assert not Commitment.objects.exists() and not times(person)


def test_removing_gives_the_time_back_and_repeats(person, myself):
    kept = availability.add_exception(person.pk, "off", at(TUESDAY, 14), at(TUESDAY, 16), **myself)
    row = commitments.add(person.pk, LECTURE, **myself)
    for _attempt in range(2):
        commitments.remove(person.pk, row.pk, **myself)
    assert list(person.exceptions.all()) == [kept]


def test_one_time_of_it_can_be_left_out(person, myself):
    row = commitments.add(person.pk, LECTURE, **myself)
    for _attempt in range(2):
        commitments.skip(person.pk, row.pk, at(TUESDAY, 14), **myself)
    assert len(times(person)) == 3 and times(person)[0][0] == at(TUESDAY + timedelta(days=7), 14)
    (shown,) = commitments.coming(person, NOW)
    assert len(shown.ahead) == 3  # type: ignore[attr-defined]


def test_what_was_said_of_a_holiday_leaves_a_commitment_of_the_whole_day_alone(person, myself):
    commitments.add(person.pk, Plan("婚礼", (), 0, 1440, TUESDAY, TUESDAY), **myself)
    availability.answer_day(person.pk, TUESDAY, "extra", **myself)
    assert sorted(person.exceptions.values_list("kind", flat=True)) == ["extra", "off"]
    availability.remove_exception(person.pk, person.exceptions.get(kind="off").pk, **myself)
    assert person.exceptions.filter(kind="off").exists()


def test_nobody_else_says_what_somebody_has_promised(agency, person):
    with pytest.raises(Forbidden):
        commitments.add(person.pk, LECTURE, by=actor_of(agency.worker().user), now=NOW)
    commitments.add(person.pk, LECTURE, by=actor_of(agency.user(Role.DISPATCHER)), now=NOW)
    assert Commitment.objects.count() == 1


def test_matching_sees_it_at_once_and_sees_it_go(agency, person, myself):
    order = agency.submitted(start=at(TUESDAY, 15))
    (need,) = pool.needs_of(order, list(order.shifts.all()))

    def reached() -> set[bool]:
        plain = [who for who in pool.candidates_for(need.start, need.end, NOW) if not reasons_against(need, who)]
        kept = snapshot.current(NOW).pool
        pairs = find_pairs(kept, Demand.of([need], kept.catalogue), Weights())
        return {bool(plain), bool(len(pairs.who)), bool(reach_sql.eligible(need, NOW, Weights()))}

    assert reached() == {True}
    row = commitments.add(person.pk, LECTURE, **myself)
    assert reached() == {False}
    commitments.skip(person.pk, row.pk, at(TUESDAY, 14), **myself)
    assert reached() == {True}


def test_closing_an_account_forgets_it(person, myself):
    commitments.add(person.pk, LECTURE, **myself)
    accounts.close(person, **myself)
    assert not Commitment.objects.exists() and not AvailabilityException.objects.exists()
