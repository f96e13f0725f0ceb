"""Offers, assignments and hours through the API."""

from datetime import timedelta

import pytest
import time_machine

from orders.models import Assignment, Replacement, Shift
from orders.services import offers, site_codes
from orders.states import OfferStatus
from staffing.core.actors import actor_of
from tests.api.line import POSITION, V1, as_user, booked, day, offered, served


@pytest.fixture
def company(agency):
    return agency.client()


@pytest.fixture
def worker(agency):
    return agency.worker()


def test_a_yes_books_once_and_shows_the_booking(agency, company, worker):
    offer = offered(agency, company)
    speaker = as_user(worker.user)
    path = f"{V1}offers/{offer.pk}/accept/"
    first, again = speaker.post(path), speaker.post(path)
    assert first.status_code == 200
    assert first.json() == again.json()
    assert first.json()["assignment"] == Assignment.objects.get().pk
    assert speaker.post(f"{V1}offers/{offer.pk}/decline/").json()["code"] == "offer_gone"


def test_a_no_is_kept_with_its_reason(agency, company, worker):
    offer = offered(agency, company)
    speaker = as_user(worker.user)
    answers = [speaker.post(f"{V1}offers/{offer.pk}/decline/", {"reason": "有考试"}) for _ in range(2)]
    assert [(one.status_code, one.json()["status"], one.json()["reason"]) for one in answers] == [
        (200, "declined", "有考试")
    ] * 2
    assert speaker.post(f"{V1}offers/{offer.pk}/accept/").status_code == 409


def test_an_offer_that_came_too_late_is_a_conflict(agency, company, worker):
    offer = offered(agency, company)
    speaker = as_user(worker.user)
    with time_machine.travel(offer.expires_at, tick=False):
        answer = speaker.post(f"{V1}offers/{offer.pk}/accept/")
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_expired")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_somebody_who_is_no_longer_free_is_told_every_reason(agency, company, worker, language):
    first = offered(agency, company, start=day(1))
    second = offered(agency, company, start=day(2))
    # Two offers for one time arise when an order is moved; here the second shift is.
    Shift.objects.filter(pk=second.position.shift_id).update(start_at=day(1), end_at=day(1) + timedelta(hours=8))
    offers.accept(first.pk, by=actor_of(worker.user), now=day(0))
    answer = as_user(worker.user, language).post(f"{V1}offers/{second.pk}/accept/")
    assert answer.status_code == 409
    assert answer.json()["code"] == "double_booked"
    assert "overlap" in [reason["code"] for reason in answer.json()["reasons"]]
    assert all(reason["text"] for reason in answer.json()["reasons"])
    second.refresh_from_db()
    assert second.status == OfferStatus.WITHDRAWN


def test_arriving_and_leaving(agency, company, worker):
    work = booked(agency, company, start=day(1))
    speaker, path = as_user(worker.user), f"{V1}assignments/{work.pk}/"
    with time_machine.travel(work.start_at, tick=False):
        nowhere = speaker.post(f"{path}check-in/", {})
        half = speaker.post(f"{path}check-in/", {"latitude": 31.2})
        far = speaker.post(f"{path}check-in/", POSITION | {"latitude": 31.9})
        here = [speaker.post(f"{path}check-in/", POSITION) for _ in range(2)]
    assert (nowhere.json()["code"], half.json()["errors"][0]["code"]) == ("no_position", "partial")
    assert far.json()["code"] == "out_of_fence"
    assert far.json()["params"]["metres"] > 70_000
    assert [one.json()["status"] for one in here] == ["checked_in"] * 2
    with time_machine.travel(work.end_at, tick=False):
        gone = [speaker.post(f"{path}check-out/", POSITION) for _ in range(2)]
    assert [one.json()["status"] for one in gone] == ["completed"] * 2
    assert [punch["kind"] for punch in gone[0].json()["punches"]] == ["in", "out"]
    assert gone[0].json()["timesheet"] is not None


def test_the_code_of_the_place_proves_an_arrival_and_is_not_to_be_guessed(agency, company, worker):
    work = booked(agency, company, start=day(1))
    site, speaker, path = work.position.shift.order.site, as_user(worker.user), f"{V1}assignments/{work.pk}/check-in/"
    assert site is not None
    with time_machine.travel(work.start_at, tick=False):
        right = site_codes.shown(site, work.start_at)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        assert speaker.post(path, {"code": wrong}).json()["code"] == "bad_code"
        keyed = speaker.post(path, {"code": wrong}, HTTP_IDEMPOTENCY_KEY="k1")
        assert (keyed.status_code, keyed.json()["code"]) == (400, "key_with_code")
        done = [speaker.post(path, {"code": right}).json() for _ in range(2)]
    assert [punch["method"] for punch in done[0]["punches"]] == ["code"]
    assert done[1]["status"] == "checked_in" and work.code_attempts.count() == 1


def test_the_agency_punches_with_a_reason(agency, company, worker):
    work = booked(agency, company, start=day(1))
    speaker, path = as_user(agency.dispatcher()), f"{V1}assignments/{work.pk}/check-in/"
    with time_machine.travel(work.start_at, tick=False):
        assert speaker.post(path, {}).json()["code"] == "no_reason"
        done = speaker.post(path, {"reason": "手机没电"})
    assert done.json()["punches"][0]["method"] == "dispatcher"


@pytest.mark.parametrize(
    ("action", "role", "body", "status"),
    [
        ("cancel", "worker", {"reason": "生病"}, "cancelled"),
        ("release", "dispatcher", {"reason": "客户要求"}, "released"),
        ("no-show", "manager", None, "no_show"),
    ],
)
def test_a_lost_place_opens_one_replacement(agency, company, worker, action, role, body, status):
    work = booked(agency, company, start=day(1))
    speaker = as_user(worker.user if role == "worker" else getattr(agency, role)())
    path = f"{V1}assignments/{work.pk}/{action}/"
    with time_machine.travel(work.start_at, tick=False):
        answers = [speaker.post(path, body) for _ in range(2)]
    assert [(one.status_code, one.json()["status"]) for one in answers] == [(200, status)] * 2
    assert Replacement.objects.count() == 1
    if body is not None:
        assert speaker.post(path, {}).json()["errors"][0]["pointer"] == "#/reason"


def test_somebody_who_came_is_no_no_show(agency, company, worker):
    work = served(agency, company, start=day(1))
    answer = as_user(agency.dispatcher()).post(f"{V1}assignments/{work.pk}/no-show/")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_what_each_side_is_paid_and_billed_stays_with_them(agency, company, worker):
    work = served(agency, company, start=day(1))
    speakers = {"client": agency.member(company), "worker": worker.user, "dispatcher": agency.dispatcher()}
    rows = {role: as_user(user).get(f"{V1}assignments/{work.pk}/").json() for role, user in speakers.items()}
    hours = {role: as_user(user).get(f"{V1}timesheets/{work.timesheet.pk}/").json() for role, user in speakers.items()}
    assert {role: (row["pay_rate"], row["bill_rate"]) for role, row in rows.items()} == {
        "client": (None, "45.00"),
        "worker": ("28.00", None),
        "dispatcher": ("28.00", "45.00"),
    }
    assert {role: row["amount"] for role, row in hours.items()} == {
        "client": "360.00",
        "worker": None,
        "dispatcher": "360.00",
    }
    assert rows["client"]["worker"]["phone"] == f"{worker.user.phone[:3]}****{worker.user.phone[7:]}"
    assert rows["worker"]["worker"]["phone"] == rows["dispatcher"]["worker"]["phone"] == worker.user.phone


def test_hours_are_approved_or_disputed(agency, company, worker):
    first, second = served(agency, company, start=day(1)), served(agency, company, start=day(2))
    speaker = as_user(agency.member(company))

    def twice(sheet, action, body=None):
        return [speaker.post(f"{V1}timesheets/{sheet.pk}/{action}/", body) for _ in range(2)]

    approved = twice(first.timesheet, "approve")
    assert [(one.status_code, one.json()["status"]) for one in approved] == [(200, "approved")] * 2
    disputed = twice(second.timesheet, "dispute", {"reason": "早退一小时"})
    assert [(one.json()["status"], one.json()["dispute"]) for one in disputed] == [("disputed", "早退一小时")] * 2
    assert twice(first.timesheet, "dispute", {"reason": "晚了"})[0].status_code == 409
    assert speaker.post(f"{V1}timesheets/{second.timesheet.pk}/dispute/", {"reason": " "}).status_code == 400
