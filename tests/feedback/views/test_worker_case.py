"""What a worker complained about is answered to the worker, who has the last word; the client hears nothing."""

import pytest
import time_machine

from feedback.models import Complaint
from feedback.services import cases
from feedback.states import CaseStatus
from staffing.core.models import Notification
from tests.feedback.services.test_cases import sweep
from tests.feedback.stories import CAUSE, ENDED, scene


@pytest.fixture
def told(agency):
    with time_machine.travel(ENDED, tick=False):
        yield scene(agency)


@pytest.fixture
def case(told):
    worker = told.order.shifts.get().positions.first().assignments.get().worker
    words = {"raised_by_role": "worker", "category": "attitude", "text": "现场经理骂人", "at": ENDED}
    complaint = Complaint.objects.create(client=told.company, order=told.order, reporter=worker.user, **words)
    made = cases.open_for(complaint=complaint, now=ENDED)
    cases.take(made.pk, by=told.desk, now=ENDED)
    cases.find_cause(made.pk, by=told.desk, now=ENDED, **CAUSE)
    return cases.report(made.pk, text="已与客户沟通", by=told.desk, now=ENDED)


def test_the_worker_hears_and_confirms(client, case):
    sweep(ENDED)
    heard = Notification.objects.filter(kind="case.reported")
    assert [row.user for row in heard] == [case.complaint.reporter]
    client.force_login(case.complaint.reporter)
    assert "已与客户沟通" in client.get("/my/complaints/").content.decode()
    for _ in range(2):
        client.post(f"/my/cases/{case.pk}/answer/", {"seen_round": 1, "solved": "1"})
    case.refresh_from_db()
    assert case.status == CaseStatus.CONFIRMED


def test_or_says_what_is_still_wrong(client, case):
    client.force_login(case.complaint.reporter)
    client.post(f"/my/cases/{case.pk}/answer/", {"seen_round": 1, "note": " "})
    case.refresh_from_db()
    assert case.status == CaseStatus.REPORTED
    for _ in range(2):
        client.post(f"/my/cases/{case.pk}/answer/", {"seen_round": 1, "note": "还在骂"})
    case.refresh_from_db()
    assert (case.status, case.round) == (CaseStatus.OPEN, 2)


def test_nobody_else_may(client, agency, case):
    client.force_login(agency.worker().user)
    assert client.post(f"/my/cases/{case.pk}/answer/", {"seen_round": 1, "solved": "1"}).status_code == 404
