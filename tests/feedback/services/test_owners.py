"""Who has a case: the least loaded who is there, another in absence, a higher one after "not solved"."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from feedback.models import StaffAbsence
from feedback.services import cases, owners
from staffing.core.actors import LINK, actor_of
from staffing.core.errors import Forbidden, Invalid
from staffing.core.models import AuditEvent, Notification
from tests.feedback.services.test_cases import sweep
from tests.feedback.stories import ENDED, open_case, reported, scene

DAY = timedelta(days=1)
TODAY = timezone.localdate(ENDED)


@pytest.fixture
def told(agency):
    return scene(agency)


def away(user, first=TODAY, last=TODAY + 2 * DAY):
    return owners.away(user, first, last, by=actor_of(user), now=ENDED)


def test_new_cases_pass_over_who_is_away(told):
    other = told.agency.dispatcher()
    away(told.dispatcher)
    case = open_case(told)
    assert (case.owner, case.substitute) == (other, None)


def test_on_the_first_day_running_cases_go_to_the_substitute_and_both_hear(told):
    told.agency.dispatcher()
    case = open_case(told)
    owner, substitute = case.owner, case.substitute
    row = away(owner, TODAY + DAY, TODAY + 3 * DAY)
    sweep(ENDED)
    case.refresh_from_db()
    assert case.owner == owner
    morning = timezone.make_aware(datetime.combine(row.first_day, time.min))
    sweep(morning)
    sweep(morning)
    case.refresh_from_db()
    assert (case.owner, case.substitute) == (substitute, None)
    assert AuditEvent.objects.filter(subject_id=case.pk, action="hand_over").count() == 1
    assert [row.user for row in Notification.objects.filter(kind="case.yours")] == [substitute]


def test_closed_cases_stay_with_whom_they_were(told):
    told.agency.dispatcher()
    case = open_case(told)
    reported(told, case)
    cases.confirm(case.pk, by=told.client, now=ENDED)
    case.refresh_from_db()
    owner = case.owner
    away(owner)
    sweep(ENDED)
    case.refresh_from_db()
    assert case.owner == owner


def test_with_nobody_else_a_manager_takes_it(told):
    manager = told.agency.manager()
    case = open_case(told)
    away(told.dispatcher)
    sweep(ENDED)
    case.refresh_from_db()
    assert (case.owner, case.substitute) == (manager, None)


def test_who_is_called_is_there(told):
    other = told.agency.dispatcher()
    manager = told.agency.manager()
    case = open_case(told)
    substitute = case.substitute
    assert substitute is not None
    StaffAbsence.objects.create(
        user=substitute, first_day=TODAY, last_day=TODAY + 9 * DAY, entered_by=manager, entered_at=ENDED
    )
    sweep(ENDED + timedelta(hours=48))
    heard = Notification.objects.filter(kind="case.escalated").order_by("pk")
    assert substitute in (other, told.dispatcher)
    assert substitute not in [row.user for row in heard]
    assert len(heard) == 3


def test_not_solved_goes_up_to_the_substitute_then_to_a_manager(told):
    told.agency.dispatcher()
    manager = told.agency.manager()
    case = open_case(told)
    first, second = case.owner, case.substitute
    for expected in (second, manager, manager):
        reported(told, case)
        # Whoever takes it becomes its owner; the line of the house is what is looked at.
        type(case).objects.filter(pk=case.pk).update(owner=first if expected == second else second)
        case = cases.not_solved(case.pk, by=LINK, now=ENDED, note="不行")
        case.refresh_from_db()
        assert case.owner == expected
        assert case.substitute != case.owner


def test_only_oneself_or_a_manager_says_so_and_the_days_make_sense(told):
    other, manager = told.agency.dispatcher(), told.agency.manager()
    with pytest.raises(Forbidden):
        owners.away(other, TODAY, TODAY, by=told.desk, now=ENDED)
    for first, last in ((TODAY, TODAY - DAY), (TODAY - 3 * DAY, TODAY - DAY)):
        with pytest.raises(Invalid):
            owners.away(other, first, last, by=actor_of(manager), now=ENDED)
    for _ in range(2):
        row = owners.away(other, TODAY, TODAY, by=actor_of(manager), now=ENDED)
    assert StaffAbsence.objects.count() == 1
    with pytest.raises(Forbidden):
        owners.back(row.pk, by=told.desk, now=ENDED)


def test_back_again_one_is_there(told):
    row = away(told.dispatcher, TODAY, TODAY + 5 * DAY)
    assert not owners.is_there(told.dispatcher, ENDED)
    for _ in range(2):
        owners.back(row.pk, by=told.desk, now=ENDED)
    assert owners.is_there(told.dispatcher, ENDED)
    assert open_case(told).owner == told.dispatcher
