"""What a check-in stands on: consent, fence, the place's code, a claimed time."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.models import Assignment, Punch, PunchRequest, ServicePolicy, Site
from orders.services import attendance, proving, site_codes
from orders.services.attendance import Fix
from orders.services.proving import Claim
from orders.states import AssignmentStatus
from staffing.core.errors import Conflict, DomainError, Invalid
from tests.fixtures.agency import HERE, NOW, Agency
from tests.orders.services.line import AT_SITE, arrive, booked, desk, hours, leave, minutes, person, status_of
from workers.services import consents

FAR = Fix(HERE[0] + 0.05, HERE[1], 10)
METRE = 1 / 111_195


@pytest.fixture
def work(agency: Agency) -> Assignment:
    agency.worker()
    return booked(agency)[0]


def site_of(work: Assignment) -> Site:
    site = work.position.shift.order.site
    assert site is not None
    return site


def asks_for(work: Assignment, proof: str) -> None:
    Site.objects.update(proof=proof)


def code_of(work: Assignment, back: float = 0) -> str:
    return site_codes.shown(site_of(work), work.start_at - minutes(back))


def come(work: Assignment, **how: Any) -> Assignment:
    return attendance.check_in(work.pk, by=person(work), now=how.pop("now", work.start_at), **how)


def refused(work: Assignment, **how: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        come(work, **how)
    assert str(refusal.value)
    assert not Punch.objects.exists()
    return refusal.value.code


def test_without_consent_a_position_is_neither_used_nor_kept(work: Assignment) -> None:
    consents.withdraw(work.worker, NOW)
    assert refused(work, fix=AT_SITE) == "no_consent"
    come(work, fix=AT_SITE, code=code_of(work))
    punch = Punch.objects.get()
    assert (punch.method, punch.latitude, punch.distance_m) == (Punch.Method.CODE, None, None)
    leave(work)
    assert Punch.objects.get(kind="out").latitude is None


def test_without_consent_leaving_needs_nothing(work: Assignment) -> None:
    come(work, code=code_of(work))
    attendance.check_out(work.pk, by=person(work), now=work.end_at)
    assert Punch.objects.get(kind="out").method == Punch.Method.MANUAL


@pytest.mark.parametrize(("metres", "accuracy", "inside"), [(99, 0, True), (102, 0, False), (198, 100, True)])
def test_no_fence_is_smaller_than_the_policy(work: Assignment, metres: int, accuracy: float, inside: bool) -> None:
    Site.objects.update(fence_m=20)
    fix = Fix(HERE[0] + metres * METRE, HERE[1], accuracy)
    if inside:
        assert come(work, fix=fix).status == AssignmentStatus.CHECKED_IN
    else:
        assert refused(work, fix=fix) == "out_of_fence"


@pytest.mark.parametrize(
    ("proof", "agreed", "fix", "coded", "said"),
    [
        ("position", True, AT_SITE, False, "position"),
        ("position", True, None, True, "code"),
        ("position", True, FAR, True, "code"),
        ("position", True, FAR, False, "out_of_fence"),
        ("position", True, None, False, "no_position"),
        ("code", True, None, True, "code"),
        ("code", False, None, True, "code"),
        ("code", True, AT_SITE, False, "no_code"),
        ("both", True, AT_SITE, True, "code"),
        ("both", True, AT_SITE, False, "no_code"),
        ("both", True, None, True, "no_position"),
        ("both", True, FAR, True, "out_of_fence"),
        ("both", False, None, True, "code"),
        ("both", False, AT_SITE, True, "code"),
    ],
)
def test_what_a_site_may_ask_for(
    work: Assignment, proof: str, agreed: bool, fix: Fix | None, coded: bool, said: str
) -> None:
    asks_for(work, proof)
    if not agreed:
        consents.withdraw(work.worker, NOW)
    how = {"fix": fix, "code": code_of(work) if coded else ""}
    if said in Punch.Method.values:
        come(work, **how)
        assert Punch.objects.get().method == said
    else:
        assert refused(work, **how) == said


def test_a_code_holds_for_two_minutes_and_a_repeat_later_changes_nothing(work: Assignment) -> None:
    asks_for(work, "code")
    assert refused(work, code=code_of(work, back=2)) == "bad_code"
    code = code_of(work, back=1)
    come(work, code=code)
    come(work, code=code, now=work.start_at + minutes(30))
    assert Punch.objects.count() == 1


def test_anothers_replay_of_an_old_code_and_a_code_of_another_place_are_refused(agency: Agency) -> None:
    agency.worker()
    agency.worker()
    one, other = booked(agency, headcount=2)
    asks_for(one, "code")
    code = code_of(one)
    come(one, code=code)
    with pytest.raises(Invalid) as late:
        come(other, code=code, now=one.start_at + minutes(2))
    assert late.value.code == "bad_code"
    elsewhere = site_codes.shown(agency.site(one.position.shift.order.client), one.start_at)
    with pytest.raises(Invalid):
        come(other, code=elsewhere)
    assert status_of(other) == AssignmentStatus.BOOKED


def test_too_many_wrong_codes_have_to_wait_and_the_right_one_with_them(work: Assignment) -> None:
    asks_for(work, "code")
    wrong = "000000" if code_of(work) != "000000" else "111111"
    said = [refused(work, code=wrong) for _ in range(5)]
    assert said == ["bad_code"] * 4 + ["too_many_codes"]
    assert refused(work, code=code_of(work)) == "too_many_codes"
    later = work.start_at + minutes(10)
    assert site_codes.forget_attempts(later) == 0
    come(work, code=site_codes.shown(site_of(work), later), now=later)
    assert site_codes.forget_attempts(later + minutes(1)) == 5


def test_a_screen_has_a_link_that_can_be_made_worthless(agency: Agency) -> None:
    site, by = agency.site(agency.client()), desk(agency)
    first = site_codes.open_kiosk(site, by=by, now=NOW)
    assert site_codes.site_behind(first) == site
    second = site_codes.open_kiosk(site, by=by, now=NOW)
    site_codes.close_kiosk(site, by=by, now=NOW)
    for token in (first, second, first[:-1] + "x", "", "a:b:c"):
        with pytest.raises(site_codes.LinkInvalid):
            site_codes.site_behind(token)


def test_a_queued_check_in_counts_from_its_true_time(work: Assignment) -> None:
    made, sent = work.start_at - minutes(3), work.start_at + minutes(12)
    for _ in range(2):
        come(work, fix=AT_SITE, claim=Claim(made, uuid.uuid4()), now=sent)
    work.refresh_from_db()
    punch = Punch.objects.get()
    assert (work.checked_in_at, punch.at, punch.received_at, punch.queued) == (made, made, sent, True)
    attendance.check_out(work.pk, by=person(work), now=work.end_at + hours(2), claim=Claim(work.end_at), fix=AT_SITE)
    work.refresh_from_db()
    assert (work.checked_out_at, work.timesheet.actual_minutes, work.timesheet.late_minutes) == (work.end_at, 480, 0)


@pytest.mark.parametrize(
    ("made", "sent", "code"),
    [
        (minutes(3), minutes(0), "not_yet"),
        (minutes(-91), minutes(0), "too_early"),
        (hours(8), hours(8), "shift_over"),
    ],
)
def test_impossible_times_are_refused(work: Assignment, made: timedelta, sent: timedelta, code: str) -> None:
    claim = Claim(work.start_at + made)
    assert refused(work, fix=AT_SITE, claim=claim, now=work.start_at + sent) == code


@given(st.integers(-600, 600), st.integers(0, 60))
def test_a_claimed_time_is_never_after_its_arrival(seconds: int, skew: int) -> None:
    policy, made = ServicePolicy(clock_skew_minutes=skew), NOW + timedelta(seconds=seconds)
    if seconds > skew * 60:
        with pytest.raises(Invalid):
            proving.moment(Claim(made), policy, NOW)
    else:
        assert proving.moment(Claim(made), policy, NOW) == min(made, NOW)


def test_sent_too_late_it_waits_for_a_word(work: Assignment) -> None:
    ServicePolicy(offline_hours=1).save()
    key = uuid.uuid4()
    for _ in range(2):
        found = come(work, fix=AT_SITE, claim=Claim(work.start_at, key), now=work.start_at + minutes(61))
    row = PunchRequest.objects.get()
    assert (found.status, row.why, row.claimed_at, row.key) == (AssignmentStatus.BOOKED, "queued", work.start_at, key)
    assert row.distance_m is not None and row.distance_m < 1


def test_after_the_no_show_a_queued_check_in_undoes_nothing(work: Assignment) -> None:
    attendance.declare_absent(work.pk, work.start_at + minutes(15))
    claim = Claim(work.start_at - minutes(5), uuid.uuid4())
    for _ in range(2):
        come(work, fix=AT_SITE, claim=claim, now=work.start_at + minutes(40))
    assert status_of(work) == AssignmentStatus.NO_SHOW
    assert PunchRequest.objects.get().claimed_at == claim.at
    with pytest.raises(Conflict):
        come(work, fix=AT_SITE, now=work.start_at + minutes(40))


def test_a_queued_code_says_whether_it_was_right_then(work: Assignment) -> None:
    asks_for(work, "code")
    come(work, code=code_of(work), claim=Claim(work.start_at), now=work.start_at + minutes(10))
    row = PunchRequest.objects.get()
    assert (row.remark, status_of(work)) == ("打卡码与当时一致", AssignmentStatus.BOOKED)


def test_a_queued_check_out_after_the_system_had_done_it_waits_for_a_word(work: Assignment) -> None:
    arrive(work)
    attendance.check_out_forgotten(work.pk, work.end_at + hours(4))
    attendance.check_out(
        work.pk, by=person(work), now=work.end_at + hours(5), claim=Claim(work.end_at - hours(1)), fix=AT_SITE
    )
    row = PunchRequest.objects.get()
    assert (row.kind, row.claimed_at) == ("out", work.end_at - hours(1))


def test_positions_that_were_asked_for_are_forgotten_too(work: Assignment) -> None:
    attendance.declare_absent(work.pk, work.start_at + minutes(15))
    come(work, fix=AT_SITE, claim=Claim(work.start_at), now=work.start_at + minutes(40))
    old = work.start_at + timedelta(days=31)
    assert attendance.erase_positions(old) == 1
    row = PunchRequest.objects.get()
    assert (row.latitude, row.distance_m is None) == (None, False)
