"""What workers say about themselves: merged, checked, kept in the audit, and never for somebody else."""

from datetime import date, timedelta

import pytest

from staffing.core.actors import actor_of
from staffing.core.errors import Forbidden, Invalid
from staffing.core.models import AuditEvent, Role
from tests.fixtures.agency import NOW
from workers.models import AvailabilityException, Worker
from workers.services import availability
from workers.services.availability import Preferences


@pytest.fixture
def person(agency) -> Worker:
    return agency.worker(windows=())


@pytest.fixture
def myself(person):
    return {"by": actor_of(person.user), "now": NOW}


def spans(person: Worker) -> list[tuple[int, int, int]]:
    return list(person.windows.values_list("weekday", "start_minute", "end_minute"))


def events(person: Worker) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(subject_type="worker", subject_id=person.pk))


@pytest.mark.parametrize(
    ("second", "left"),
    [
        ((600, 720), [(0, 540, 720)]),
        ((500, 560), [(0, 500, 600)]),
        ((540, 600), [(0, 540, 600)]),
        ((560, 580), [(0, 540, 600)]),
        ((400, 1500), [(0, 400, 1500)]),
        ((601, 720), [(0, 540, 600), (0, 601, 720)]),
        ((480, 539), [(0, 480, 539), (0, 540, 600)]),
    ],
)
def test_windows_that_touch_become_one(person, myself, second, left):
    availability.add_windows(person.pk, [0], 540, 600, **myself)
    availability.add_windows(person.pk, [0], *second, **myself)
    assert spans(person) == left


def test_windows_of_several_days_are_added_at_once(person, myself):
    availability.add_windows(person.pk, [5, 6, 5], 1080, 1560, **myself)
    assert spans(person) == [(5, 1080, 1560), (6, 1080, 1560)]


def test_a_repetition_changes_nothing_and_is_not_recorded(person, myself):
    for _attempt in range(2):
        availability.add_windows(person.pk, [0], 540, 600, **myself)
    (event,) = events(person)
    assert (event.action, event.actor) == ("set_windows", person.user)
    assert event.data == {"before": [], "after": [[0, 540, 600]]}


@pytest.mark.parametrize("span", [(-1, 60), (1440, 1500), (600, 600), (600, 540), (600, 2041)])
def test_an_impossible_window_is_refused(person, myself, span):
    with pytest.raises(Invalid):
        availability.add_windows(person.pk, [0], *span, **myself)
    assert spans(person) == []


def test_a_window_is_removed_once(person, myself):
    availability.add_windows(person.pk, [0], 540, 600, **myself)
    window = person.windows.get()
    for _attempt in range(2):
        availability.remove_window(person.pk, window.pk, **myself)
    assert spans(person) == []
    assert len(events(person)) == 2


def test_anothers_window_stays(agency, person, myself):
    theirs = agency.worker(windows=[(0, 0, 60)]).windows.get()
    availability.remove_window(person.pk, theirs.pk, **myself)
    theirs.refresh_from_db()


def test_an_exception_is_added_once_and_removed_once(person, myself):
    for _attempt in range(2):
        found = availability.add_exception(person.pk, "off", NOW, NOW + timedelta(days=2), note="考试", **myself)
    assert AvailabilityException.objects.get().note == "考试"
    for _attempt in range(2):
        availability.remove_exception(person.pk, found.pk, **myself)
    assert not AvailabilityException.objects.exists()
    assert [event.action for event in events(person)] == ["set_exceptions"] * 2


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(1), timedelta(0)),
        (timedelta(-2), timedelta(0)),
        (timedelta(0), timedelta(days=366, seconds=1)),
    ],
)
def test_an_impossible_exception_is_refused(person, myself, start, end):
    with pytest.raises(Invalid):
        availability.add_exception(person.pk, "off", NOW + start, NOW + end, **myself)


def test_preferences_are_set_and_recorded(person, myself):
    for _attempt in range(2):
        availability.set_preferences(person.pk, Preferences(8, False, 600), **myself)
    person.refresh_from_db()
    assert availability.preferences_of(person) == Preferences(8, False, 600)
    (event,) = events(person)
    assert event.data["before"] == {
        "max_km": 15,
        "remote_ok": True,
        "min_rest_minutes": 0,
        "weekly_cap_minutes": None,
    }


@pytest.mark.parametrize(
    ("contract", "cap", "allowed"),
    [("part_time", 1440, True), ("part_time", 1441, False), ("service", 1441, True), ("service", 10081, False)],
)
def test_the_own_cap_of_a_week_stays_within_the_contracts(person, myself, contract, cap, allowed):
    Worker.objects.update(contract=contract)
    wanted = Preferences(8, False, 600, cap)
    if allowed:
        availability.set_preferences(person.pk, wanted, **myself)
    else:
        with pytest.raises(Invalid):
            availability.set_preferences(person.pk, wanted, **myself)
    person.refresh_from_db()
    assert person.weekly_cap_minutes == (cap if allowed else None)


def grid(*cells: int) -> str:
    return "".join("1" if cell in cells else "0" for cell in range(168))


def test_a_painted_week_replaces_what_was_touched_alone(person, myself):
    availability.add_windows(person.pk, [0], 555, 600, **myself)
    kept = person.windows.get().pk
    seen = "0" * 9 + "p" + "0" * 158
    wanted = seen[:30] + "11" + seen[32:]
    assert availability.paint(person.pk, seen, wanted, **myself)
    assert spans(person) == [(0, 555, 600), (1, 360, 480)]
    assert person.windows.filter(pk=kept).exists()
    assert not availability.paint(person.pk, seen, wanted, **myself)
    assert len(events(person)) == 2


def test_two_pages_open_at_once_lose_nothing(person, myself):
    availability.paint(person.pk, grid(), grid(9, 10), **myself)
    availability.paint(person.pk, grid(), grid(33), **myself)
    assert spans(person) == [(0, 540, 660), (1, 540, 600)]


def test_what_is_no_week_is_refused(person, myself):
    with pytest.raises(Invalid):
        availability.paint(person.pk, grid(), "1", **myself)


def test_a_holiday_is_answered_and_answered_again(person, myself):
    day = date(2027, 1, 1)
    for answer, kinds in (("off", ["off"]), ("off", ["off"]), ("extra", ["extra"]), ("", [])):
        availability.answer_day(person.pk, day, answer, **myself)
        rows = list(person.exceptions.all())
        assert [row.kind for row in rows] == kinds
        assert all(row.end_at - row.start_at == timedelta(days=1) for row in rows)
    with pytest.raises(Invalid):
        availability.answer_day(person.pk, date(2026, 1, 1), "off", **myself)


@pytest.mark.parametrize("wanted", [(0, True, 0), (201, True, 0), (5, True, -1), (5, True, 1441)])
def test_impossible_preferences_are_refused(person, myself, wanted):
    with pytest.raises(Invalid):
        availability.set_preferences(person.pk, Preferences(*wanted), **myself)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.MANAGER])
def test_the_agency_may_do_it_for_somebody(agency, person, role):
    availability.add_windows(person.pk, [0], 0, 60, by=actor_of(agency.user(role)), now=NOW)
    assert spans(person) == [(0, 0, 60)]


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
def test_nobody_else_may(agency, person, role):
    stranger = actor_of(agency.user(role))
    with pytest.raises(Forbidden):
        availability.add_windows(person.pk, [0], 0, 60, by=stranger, now=NOW)
    with pytest.raises(Forbidden):
        availability.set_preferences(person.pk, Preferences(5, True, 0), by=stranger, now=NOW)
