"""外勤, 补卡 and late uploads: what counts meanwhile, what a dispatcher's word does, and that nothing is done twice."""

import io
import uuid
from datetime import datetime, timedelta

import pytest
from PIL import Image

from orders import strikes
from orders.models import (
    Appeal,
    Assignment,
    Offer,
    OrderPolicy,
    Punch,
    PunchRequest,
    Replacement,
    ServicePhoto,
    ServicePolicy,
    Timesheet,
    TimesheetCorrection,
)
from orders.selectors import proofs as reads
from orders.services import appeals, attendance, offers, photos, proofs, punch_requests, timesheets
from orders.services.proving import Claim
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core import photos as pictures
from staffing.core import private_files
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, DomainError, Forbidden, Invalid
from staffing.core.models import Notification
from staffing.demo import invariants
from tests.fixtures.agency import HERE, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import arrive, booked, desk, hours, leave, minutes, person, status_of

FAR = attendance.Fix(HERE[0] + 0.05, HERE[1], 10)


def jpeg() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    out.seek(0)
    return out


@pytest.fixture(autouse=True)
def _private(settings, tmp_path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "private": {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    }


@pytest.fixture
def work(agency: Agency) -> Assignment:
    agency.worker()
    desk(agency)
    return booked(agency)[0]


@pytest.fixture
def by(agency: Agency, work: Assignment) -> Actor:
    return desk(agency)


def elsewhere(work: Assignment, now: datetime | None = None, remark: str = "客户换到了三号馆") -> PunchRequest:
    photo = pictures.clean(jpeg())
    now = now or work.start_at
    proofs.arrive_elsewhere(work.pk, photo, remark=remark, by=person(work), now=now, fix=FAR)
    return PunchRequest.objects.get(assignment=work, kind="in")


def missed(work: Assignment, kind: str, at: datetime, now: datetime) -> PunchRequest:
    return proofs.claim_missed(work.pk, kind, at, remark="手机没电", by=person(work), now=now)


def sound(now: datetime) -> None:
    """Every invariant about punches, hours and places holds."""
    assert invariants.violations(now) == []


def test_an_arrival_from_elsewhere_counts_so_that_nobody_is_sought(work: Assignment, by: Actor) -> None:
    row = elsewhere(work)
    elsewhere(work, work.start_at + minutes(1))
    drain(work.start_at + minutes(30))
    assert (status_of(work), row.why, round(row.distance_m or 0)) == (AssignmentStatus.CHECKED_IN, "field", 5560)
    assert Punch.objects.get().method == Punch.Method.FIELD
    assert not Replacement.objects.exists()
    assert Notification.objects.filter(user=by.user, kind="punch.waiting.field").count() == 1
    assert ServicePhoto.objects.count() == 1


def test_approved_it_stays_and_the_worker_is_told(work: Assignment, by: Actor) -> None:
    row = elsewhere(work)
    for _ in range(2):
        proofs.approve(row.pk, by=by, now=work.start_at + minutes(5))
    leave(work)
    drain(work.end_at)
    assert work.timesheet.actual_minutes == 480
    assert Notification.objects.filter(kind="punch.approved").count() == 1
    sound(work.end_at)


def test_refused_they_have_to_punch_at_the_place_within_the_grace(work: Assignment, by: Actor) -> None:
    row, now = elsewhere(work, work.start_at - minutes(10)), work.start_at + minutes(20)
    for _ in range(2):
        proofs.refuse(row.pk, by=by, now=now, reason="照片看不清")
    work.refresh_from_db()
    assert (work.status, work.checked_in_at) == (AssignmentStatus.BOOKED, None)
    assert not Punch.objects.exists()
    drain(now)
    assert Notification.objects.filter(kind="punch.refused", user=work.worker.user).count() == 1
    drain(now + minutes(15) - timedelta(seconds=1))
    assert status_of(work) == AssignmentStatus.BOOKED
    arrive(work, now + minutes(14))
    drain(now + minutes(20))
    leave(work)
    assert (work.timesheet.late_minutes, work.timesheet.actual_minutes) == (34, 446)
    sound(work.end_at)


def test_refused_and_silent_they_are_absent(work: Assignment, by: Actor) -> None:
    now = work.start_at + minutes(20)
    proofs.refuse(elsewhere(work).pk, by=by, now=now, reason="不在现场")
    drain(now + minutes(15))
    assert status_of(work) == AssignmentStatus.NO_SHOW
    sound(now + minutes(15))


def test_refused_with_a_time_it_counts_from_then(work: Assignment, by: Actor) -> None:
    row = elsewhere(work)
    leave(work)
    with pytest.raises(Invalid, match="从何时"):
        proofs.refuse(row.pk, by=by, now=work.end_at, reason="到岗较晚")
    assert PunchRequest.objects.get().status == "waiting"
    proofs.refuse(row.pk, by=by, now=work.end_at, reason="到岗较晚", counts_from=work.start_at + hours(1))
    sheet = Timesheet.objects.get()
    assert (sheet.actual_minutes, sheet.late_minutes) == (420, 60)
    fixed = TimesheetCorrection.objects.get()
    assert (fixed.minutes_before, fixed.minutes_after, fixed.reason, fixed.by) == (480, 420, "到岗较晚", by.user)
    sound(work.end_at)


def test_words_and_the_right_hour_are_needed(work: Assignment, by: Actor) -> None:
    photo = pictures.clean(jpeg())
    for now, remark, code in (
        (work.start_at, " ", "no_reason"),
        (work.start_at - minutes(91), "x", "too_early"),
        (work.end_at, "x", "shift_over"),
    ):
        with pytest.raises(DomainError) as refused:
            proofs.arrive_elsewhere(work.pk, photo, remark=remark, by=person(work), now=now)
        assert refused.value.code == code
    with pytest.raises(Invalid, match="理由"):
        proofs.refuse(elsewhere(work).pk, by=by, now=work.start_at, reason=" ")
    with pytest.raises(Forbidden):
        proofs.approve(PunchRequest.objects.get().pk, by=person(work), now=work.start_at)


def test_an_upload_that_comes_again_after_the_refusal_does_not_arrive_again(work: Assignment, by: Actor) -> None:
    claim, photo = Claim(work.start_at, uuid.uuid4()), pictures.clean(jpeg())
    for _ in range(2):
        proofs.arrive_elsewhere(
            work.pk, photo, remark="x", by=person(work), now=work.start_at + minutes(1), claim=claim
        )
        if row := PunchRequest.objects.filter(status="waiting").first():
            proofs.refuse(row.pk, by=by, now=work.start_at + minutes(2), reason="不在现场")
    assert status_of(work) == AssignmentStatus.BOOKED
    assert PunchRequest.objects.count() == 1


def test_a_missed_check_in_changes_nothing_until_it_is_approved(work: Assignment, by: Actor) -> None:
    now = work.start_at + minutes(10)
    row = missed(work, "in", work.start_at - minutes(2), now)
    assert missed(work, "in", work.start_at, now) == row
    assert status_of(work) == AssignmentStatus.BOOKED
    proofs.approve(row.pk, by=by, now=now)
    work.refresh_from_db()
    assert (work.status, work.checked_in_at) == (AssignmentStatus.CHECKED_IN, row.claimed_at)
    assert status_of(work.position.shift.order) == OrderStatus.IN_SERVICE
    sound(now)


def test_a_missed_check_out_sets_the_hours_right(work: Assignment, by: Actor) -> None:
    arrive(work)
    attendance.check_out_forgotten(work.pk, work.end_at + hours(4))
    row = missed(work, "out", work.end_at - hours(2), work.end_at + hours(5))
    proofs.approve(row.pk, by=by, now=work.end_at + hours(6))
    sheet = Timesheet.objects.get()
    assert (sheet.actual_minutes, sheet.status) == (360, "submitted")
    assert Punch.objects.get(kind="out").method == Punch.Method.CLAIM
    sound(work.end_at + hours(6))


def test_a_check_in_that_was_late_by_the_phone_alone_is_moved(work: Assignment, by: Actor) -> None:
    arrive(work, work.start_at + minutes(14))
    row = missed(work, "in", work.start_at, work.start_at + minutes(20))
    proofs.approve(row.pk, by=by, now=work.start_at + minutes(30))
    leave(work)
    assert (work.timesheet.late_minutes, work.timesheet.actual_minutes) == (0, 480)
    assert not TimesheetCorrection.objects.exists()
    sound(work.end_at)


def test_who_counted_as_absent_gets_the_place_back_while_nobody_has_it(agency: Agency, work: Assignment) -> None:
    by, late = desk(agency), work.start_at + minutes(15)
    agency.worker()
    drain(late)
    waiting = Offer.objects.get(status=OfferStatus.PENDING)
    row = missed(work, "in", work.start_at, late + minutes(5))
    proofs.approve(row.pk, by=by, now=late + minutes(6))
    assert status_of(work) == AssignmentStatus.CHECKED_IN
    assert (status_of(waiting), status_of(work.position)) == (OfferStatus.WITHDRAWN, PositionStatus.FILLED)
    assert Replacement.objects.get().failed_at is not None
    leave(work)
    drain(work.end_at)
    assert (work.timesheet.actual_minutes, status_of(work.position.shift.order)) == (480, OrderStatus.COMPLETED)
    sound(work.end_at)


def test_once_somebody_else_has_the_place_the_record_alone_is_set_right(agency: Agency, work: Assignment) -> None:
    by, late = desk(agency), work.start_at + minutes(15)
    agency.worker()
    drain(late)
    waiting = Offer.objects.get(status=OfferStatus.PENDING)
    found = offers.accept(waiting.pk, by=person(waiting), now=late + minutes(1))
    row = missed(work, "in", work.start_at, late + minutes(5))
    assert [each.late_for_place for each in reads.waiting()] == [True]  # type: ignore[attr-defined]
    for _ in range(2):
        proofs.approve(row.pk, by=by, now=late + minutes(6))
    assert (status_of(found), status_of(work), status_of(row)) == ("booked", "no_show", "approved")
    assert not strikes.counted(Assignment.objects.all(), OrderPolicy.current(), late).exists()
    assert Appeal.objects.get().status == "accepted"
    drain(late + minutes(7))
    told = Notification.objects.filter(user=work.worker.user, kind__in=("punch.approved", "appeal.accepted"))
    assert [notice.kind for notice in told] == ["appeal.accepted"]
    assert not hasattr(work, "timesheet")
    sound(late + minutes(7))
    gone = punch_requests.ask(work, "out", "queued", at=work.end_at, now=work.end_at)
    with pytest.raises(Conflict) as taken:
        proofs.approve(gone.pk, by=by, now=work.end_at + minutes(6))
    assert taken.value.code == "place_taken"


def test_what_a_manager_has_decided_is_not_undone_by_a_punch(agency: Agency, work: Assignment) -> None:
    agency.worker()
    late = work.start_at + minutes(15)
    drain(late)
    waiting = Offer.objects.get(status=OfferStatus.PENDING)
    offers.accept(waiting.pk, by=person(waiting), now=late + minutes(1))
    for by in (desk(agency), actor_of(agency.manager())):
        appeal = appeals.file(work.pk, by=person(work), now=late + minutes(5), text="我到了")
        appeals.decide(appeal.pk, accept=False, by=by, now=late + minutes(6), reason="没有")
    row = missed(work, "in", work.start_at, late + minutes(7))
    with pytest.raises(Conflict) as final:
        proofs.approve(row.pk, by=desk(agency), now=late + minutes(8))
    assert (final.value.code, status_of(row)) == ("last_word", "waiting")


def test_not_while_they_work_elsewhere(agency: Agency, work: Assignment) -> None:
    by, late = desk(agency), work.start_at + minutes(15)
    drain(late)
    (other,) = booked(agency, start=work.start_at + hours(1))
    assert other.worker == work.worker
    row = missed(work, "in", work.start_at, late + minutes(5))
    with pytest.raises(Conflict) as busy:
        proofs.approve(row.pk, by=by, now=late + minutes(6))
    assert busy.value.code == "double_booked"
    assert status_of(work) == AssignmentStatus.NO_SHOW


@pytest.mark.parametrize(
    ("kind", "at", "now", "code"),
    [
        ("in", minutes(20), minutes(10), "not_yet"),
        ("in", minutes(-91), minutes(10), "bad_time"),
        ("out", hours(8), hours(9), "not_claimable"),
        ("in", minutes(0), timedelta(days=4), "too_late"),
    ],
)
def test_what_cannot_be_asked_for(work: Assignment, kind: str, at: timedelta, now: timedelta, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        missed(work, kind, work.start_at + at, work.start_at + now)
    assert refused.value.code == code
    assert not PunchRequest.objects.exists()


def test_approved_hours_are_not_touched(work: Assignment, agency: Agency, by: Actor) -> None:
    arrive(work)
    leave(work)
    row = missed(work, "out", work.end_at, work.end_at + hours(1))
    timesheets.approve(work.timesheet.pk, by=agency.acting_client(work.position.shift.order.client), now=work.end_at)
    with pytest.raises(Conflict, match="已批准"):
        proofs.approve(row.pk, by=by, now=work.end_at + hours(2))


def test_hours_are_not_approved_by_time_while_a_punch_waits(work: Assignment, by: Actor) -> None:
    row = elsewhere(work)
    leave(work, work.end_at)
    sheet = Timesheet.objects.get(assignment=work)
    due = sheet.auto_approve_at
    drain(due)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.auto_approve_at) == ("submitted", due + hours(48))
    proofs.approve(row.pk, by=by, now=due)
    drain(due + hours(48))
    sheet.refresh_from_db()
    assert sheet.status == "approved"


def test_several_at_once_each_by_itself(agency: Agency, work: Assignment, by: Actor) -> None:
    row = elsewhere(work)
    assert proofs.approve_many([row.pk, row.pk], by=by, now=work.start_at) == (1, [])


def test_rules_of_the_policy_are_written_on_the_hours(work: Assignment) -> None:
    ServicePolicy(rounding="nearest_15", break_after_hours=6, break_minutes=30).save()
    arrive(work, work.start_at + minutes(4))
    leave(work)
    sheet = Timesheet.objects.get()
    assert (sheet.planned_minutes, sheet.actual_minutes, sheet.break_minutes) == (450, 450, 30)
    assert (sheet.rounding, sheet.late_minutes) == ("nearest_15", 4)


def test_photos_of_the_service(work: Assignment, by: Actor, settings) -> None:
    ServicePolicy(photos_each=2).save()
    with pytest.raises(Conflict):
        photos.add(work.pk, jpeg(), remark="", by=person(work), now=work.start_at)
    arrive(work)
    with pytest.raises(Forbidden):
        photos.add(work.pk, jpeg(), remark="", by=by, now=work.start_at)
    with pytest.raises(Invalid):
        photos.add(work.pk, io.BytesIO(b"<svg/>"), remark="", by=person(work), now=work.start_at)
    kept = [photos.add(work.pk, jpeg(), remark="开场", by=person(work), now=work.start_at) for _ in range(2)]
    with pytest.raises(Conflict, match="2"):
        photos.add(work.pk, jpeg(), remark="", by=person(work), now=work.start_at)
    assert len({name for row in kept for name in (row.file, row.small)}) == 4
    assert private_files.read(kept[0].small)[:4] == b"RIFF"


def test_photos_are_forgotten_in_time(work: Assignment, tmp_path, django_capture_on_commit_callbacks) -> None:
    arrive(work)
    photos.add(work.pk, jpeg(), remark="", by=person(work), now=work.start_at)
    assert len(list(tmp_path.iterdir())) == 2
    assert photos.sweep(work.start_at + timedelta(days=90)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert photos.sweep(work.start_at + timedelta(days=90, seconds=1)) == 1
    assert list(tmp_path.iterdir()) == []
