"""Closing an account: refused while somebody counts on the person; then nothing says any more who they were."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.db import models
from django.test import Client as Browser
from rest_framework.authtoken.models import Token

from feedback.models import Evidence
from feedback.services import cases, surveys
from feedback.services.surveys import Answers
from orders.models import Assignment, Offer, Position, Punch, Timesheet
from orders.services import attendance, calendar, offers, ordering, proposing, timesheets
from orders.services.attendance import Fix
from orders.states import OfferStatus
from staffing.core import audit, forgetting, notices, outbox, personal
from staffing.core.actors import actor_of
from staffing.core.api.tokens import issue
from staffing.core.errors import Conflict
from staffing.core.models import AuditEvent, Notification, OutboxMessage, User
from staffing.demo.invariants import violations
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.bookings import booked, offer_to
from tests.fixtures.outbox import drain
from workers.models import Worker
from workers.services import accounts, consents, proposals

NAME, PHONE, EMAIL = "欧阳若溪", "13912345678", "ruoxi@example.test"
DAY = timedelta(days=1)
# Rows about a person that stay without saying who it is, and why each may.
STAY = {
    "core.AuditEvent": "what was done, by number",
    "core.User": "the number itself",
    "workers.Worker": "the number itself",
    "workers.Application": "through whom they came, by number",
    "workers.TrainingHours": "what was paid, by number",
    "workers.TrainingSession": "who taught",
    "orders.Offer": "who was asked",
    "orders.Assignment": "who served",
    "orders.Position": "past choices",
    "orders.SwapRequest": "who took over",
    "orders.BenchPlace": "who stood by",
    "orders.CallNote": "who called",
    "orders.Appeal": "who decided",
    "orders.PunchRequest": "who decided",
    "orders.TimesheetCorrection": "who corrected",
    "orders.Order": "who ordered",
    "orders.OrderMessage": "what client and agency said",
    "feedback.ReviewCase": "who repaired",
    "feedback.CaseRound": "who repaired",
    "feedback.Escalation": "who was called",
    "feedback.WriteBack": "what was learned, by number",
    "feedback.CreditNote": "who gave back",
    "feedback.StaffAbsence": "who of the agency was away",
    "feedback.Survey": "who was asked",
    "feedback.HeldSurvey": "who is asked later",
    "feedback.Complaint": "what was said, by number",
}


@pytest.fixture
def person(agency: Agency) -> Worker:
    worker = agency.worker()
    User.objects.filter(pk=worker.user_id).update(name=NAME, phone=PHONE, email=EMAIL)
    worker.user.refresh_from_db()
    worker.user.set_password("a-long-password-17")
    worker.user.save()
    consents.give(worker, NOW)
    return worker


def served(agency: Agency, person: Worker) -> Timesheet:
    """A day's work with positions, not approved yet."""
    work, by = booked(agency, person), actor_of(person.user)
    fix = Fix(*HERE, accuracy_m=10)
    attendance.check_in(work.pk, by=by, now=work.start_at, fix=fix)
    attendance.check_out(work.pk, by=by, now=work.end_at, fix=fix)
    ordering.settle(work.position.shift.order_id, work.end_at)
    return Timesheet.objects.get(assignment=work)


def settled(agency: Agency, person: Worker) -> Timesheet:
    sheet = served(agency, person)
    client = sheet.assignment.position.shift.order.client
    timesheets.approve(sheet.pk, by=agency.acting_client(client), now=sheet.assignment.end_at)
    return sheet


def close(person: Worker, now=NOW + 3 * DAY) -> None:
    accounts.close(person, by=actor_of(person.user), now=now)


def test_a_booked_shift_and_open_hours_stand_in_the_way(agency, person):
    sheet = served(agency, person)
    later = booked(agency, person, day=5)
    told = personal.obstacles(person.user, NOW + 3 * DAY)
    assert [row.url for row in told] == [f"/my/shifts/{later.pk}/", f"/my/shifts/{sheet.assignment_id}/"]
    with pytest.raises(Conflict):
        close(person)
    person.refresh_from_db()
    assert person.user.is_active and person.user.name == NAME and person.windows.exists()


def test_nothing_says_any_more_who_it_was(agency, person):
    sheet = settled(agency, person)
    token = calendar.renew(person, seen="", by=actor_of(person.user), now=NOW)
    issue(person.user)
    Browser().post("/login/", {"username": PHONE, "password": "mistyped"})
    order = sheet.assignment.position.shift.order
    said = {"worker": NAME, "number": order.number}
    notices.tell([agency.dispatcher()], next(iter(notices.kinds())), sheet.assignment, now=NOW, key="x", data=said)
    audit.record(sheet.assignment, "call", by=actor_of(agency.dispatcher()), now=NOW, reason=f"{NAME}说病了", data=said)
    outbox.publish("assignment.book", {"id": sheet.assignment_id, "said": said, "phone": PHONE}, key="named", now=NOW)
    survey = surveys.send(order.pk, sheet.assignment.end_at) or order.surveys.get()
    review = surveys.answer(survey.pk, Answers(1, 1, 1, 1), sheet.assignment.end_at)
    case = review.case
    Evidence.objects.create(case=case, kind="absence", at=NOW, data={"worker": NAME, "status": "no_show"})
    drain(NOW + 3 * DAY)
    events = AuditEvent.objects.count()
    close(person)
    person = Worker.objects.select_related("user").get(pk=person.pk)
    assert (person.user.name, person.user.is_active, person.status) == (f"已注销员工 #{person.pk}", False, "left")
    refused = Browser().post("/login/", {"username": PHONE, "password": "a-long-password-17"})
    assert refused.status_code == 200 and "手机号或密码不正确" in refused.content.decode()
    assert not Token.objects.filter(user=person.user).exists() and calendar.found(calendar.token_of(token)) is None
    for name in ("skills", "languages", "windows", "exceptions", "position_consents"):
        assert not getattr(person, name).exists()
    assert (person.latitude, person.longitude, person.stars) == (None, None, None)
    assert not Punch.objects.filter(latitude__isnull=False).exists()
    assert Timesheet.objects.get().amount == sheet.amount and AuditEvent.objects.count() == events + 1
    AccessAttempt.objects.filter(username=PHONE, failures_since_start=1).delete()  # the refusal just above
    assert [left for left in everything() if NAME in left or PHONE in left or EMAIL in left] == []
    assert violations(NOW + 3 * DAY) == []
    assert cases.is_bad(review, cases.LoopPolicy.current())


def everything() -> list[str]:
    """Every value of every row, as text."""
    rows: list[str] = []
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            names = [field.attname for field in model._meta.concrete_fields]
            rows += [f"{model._meta.label} {row}" for row in model._default_manager.values_list(*names)]
    return rows


def test_a_namesake_keeps_the_name_in_what_is_yet_to_be_sent(agency, person):
    other = agency.worker()
    User.objects.filter(pk=other.user_id).update(name=NAME)
    outbox.publish("assignment.book", {"id": 0, "worker": NAME}, key="waits", now=NOW, due_at=NOW + DAY)
    outbox.publish("assignment.book", {"id": 0, "worker": NAME}, key="done", now=NOW, due_at=NOW + DAY)
    OutboxMessage.objects.filter(key__contains="done").update(done_at=NOW)
    close(person)
    rows = OutboxMessage.objects.filter(payload__id=0).order_by("done_at")
    assert {(row.done_at is None, row.payload["worker"] == NAME) for row in rows} == {(True, True), (False, False)}


def test_a_name_is_taken_out_of_texts_however_deep():
    told = {"worker": NAME, "list": [f"{NAME}迟到", 3, None], "other": "欧阳"}
    assert forgetting.without(told, NAME, "#1") == {"worker": "#1", "list": ["#1迟到", 3, None], "other": "欧阳"}
    assert forgetting.without(["安", "平安"], "安", "#1") == ["#1", "平安"]


def test_who_is_asked_or_chosen_just_now_leaves_the_place_to_others(agency, person):
    offer = offer_to(agency, person)
    order = agency.submitted(start=NOW + 8 * DAY)
    proposing.propose_order(order.pk, NOW)
    place = Position.objects.get(shift__order=order)
    assert place.proposed_worker_id == person.pk
    close(person, NOW)
    offer.refresh_from_db()
    place.refresh_from_db()
    assert (offer.status, offer.reason) == (OfferStatus.WITHDRAWN, "account_closed")
    assert (place.status, place.proposed_worker_id) == ("open", None)
    assert not Position.objects.filter(models.Q(backup_worker=person)).exists()
    drain(NOW)
    assert violations(NOW) == []


def test_closing_twice_changes_nothing(agency, person):
    close(person)
    close(Worker.objects.get(pk=person.pk))
    assert AuditEvent.objects.filter(action="close_account").count() == 1


def test_a_yes_in_between_is_not_lost(agency, person, monkeypatch):
    offer = offer_to(agency, person)
    real = personal.settle

    def slow(closing: personal.Closing) -> None:
        offers.accept(offer.pk, by=actor_of(person.user), now=NOW)
        real(closing)

    monkeypatch.setattr(personal, "settle", slow)
    with pytest.raises(Conflict):
        close(person, NOW)
    assert not Assignment.objects.exists()  # rolled back with the closing
    assert User.objects.get(pk=person.user_id).is_active
    assert Offer.objects.get().status == OfferStatus.PENDING


def test_every_table_about_people_is_forgotten_or_may_stay(agency, person):
    """A new table that names a worker or a login is decided about: its rows go with the person, or it is in STAY."""
    settled(agency, person)
    calendar.renew(person, seen="", by=actor_of(person.user), now=NOW)
    close(person)
    user = person.user_id
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target not in (User, Worker) or model._meta.label in STAY or model._meta.label.startswith("admin."):
                continue
            value = user if target is User else person.pk
            assert not model._default_manager.filter(**{field.name: value}).exists(), (
                f"{model._meta.label}.{field.name}"
            )


def test_the_copy_holds_ones_own_and_nobody_elses(agency, person):
    settled(agency, person)
    other = agency.worker()
    booked(agency, other, day=4)
    offer_to(agency, person, day=6)
    Notification.objects.all()
    tables = {name: rows for holder in personal.holders() for name, rows in holder.tables(person.user).items()}
    assert {len(tables[name]) for name in ("account", "profile", "assignments", "timesheets", "consents")} == {1}
    assert len(tables["offers"]) == 2 and len(tables["punches"]) == 2 and len(tables["availability"]) == 7
    assert tables["account"][0]["name"] == NAME and "password" not in tables["account"][0]
    works = Assignment.objects.filter(worker=other).values_list("pk", flat=True)
    assert {row["pk"] for row in tables["assignments"]}.isdisjoint(works)
    assert other.user.name not in str(tables) and other.user.phone not in str(tables)


def test_notices_to_the_agency_keep_the_number_and_no_name(agency, person):
    boss = agency.manager()
    proposals.make(person.pk, "suspend", [{"code": "services", "have": "1", "need": "2"}], NOW)
    drain(NOW)
    notices.tell([boss], "removal.holds", person, now=NOW, key="x", data={"worker": NAME, "n": 1})
    assert [row.data["worker"] for row in Notification.objects.filter(user=boss)] == [NAME, NAME]
    close(person)
    named = [row.data["worker"] for row in Notification.objects.filter(user=boss)]
    assert named == [f"已注销员工 #{person.pk}"] * 2


def test_the_audit_of_a_person_stays_readable(agency, person):
    audit.record(person, "set_windows", by=actor_of(person.user), now=NOW)
    close(person)
    event = AuditEvent.objects.get(action="set_windows")
    assert str(event.actor) == f"已注销员工 #{person.pk}"
